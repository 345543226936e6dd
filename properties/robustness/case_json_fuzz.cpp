// Any bytes as cases in JSON: what is read is written and read again as the same.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "scenarios/program/case_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cancelsim::scenarios;
    std::istringstream input(std::string(data, data + size));
    try {
        for (const Case& program : read_cases(input, "input")) {
            const std::string json = to_json(program);
            assert(to_json(parse_case(json, "input", 1)) == json);
        }
    } catch (const CaseError&) {  // one line says why
    }
    return 0;
}
