// Any two texts as the traces that a difference is described of.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "scenarios/recorded/conformance.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    static_cast<void>(cancelsim::scenarios::describe_difference(text.substr(0, end), text.substr(end)));
    return 0;
}
