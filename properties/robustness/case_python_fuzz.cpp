// Any bytes as a case in Python: what is read is printed and read again as the same.
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>

#include "scenarios/program/case_json.h"
#include "scenarios/program/python/case_python.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cancelsim::scenarios;
    try {
        const Case program = parse_python(std::string(data, data + size), "input.py", "input");
        assert(to_json(parse_python(to_python(program), "input.py", "input")) == to_json(program));
    } catch (const CaseError&) {  // one line says why
    }
    return 0;
}
