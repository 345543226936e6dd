// Any bytes as a token, and as a saved failure: what is read is written and read again as the same.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "properties/failure/saved_failure.h"
#include "scenarios/program/case_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cancelsim;
    const std::string text(data, data + size);
    try {
        const std::string token = properties::to_token(properties::from_token(text));
        assert(properties::to_token(properties::from_token(token)) == token);
    } catch (const properties::FailureError&) {  // one line says why
    }
    try {
        const std::string saved = properties::to_saved(properties::from_saved(text, "input.json"));
        assert(properties::to_saved(properties::from_saved(saved, "input.json")) == saved);
    } catch (const scenarios::CaseError&) {  // one line says why
    }
    return 0;
}
