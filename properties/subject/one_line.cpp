#include "properties/subject/one_line.h"

#include <fmt/format.h>

namespace cancelsim::properties {

namespace {

constexpr std::size_t kMost = 300;
constexpr std::string_view kCut = "...";

/// The bytes of the UTF-8 character that `text` begins with; 0 where there is none, or it controls a terminal.
std::size_t printable(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7F ? 1 : 0;
    const std::size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
    if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    // Overlong, surrogates, beyond Unicode; and U+0080 to U+009F, which are control characters.
    if ((byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F)) return 0;
    if ((byte(0) == 0xF0 && byte(1) < 0x90) || (byte(0) == 0xF4 && byte(1) > 0x8F)) return 0;
    return byte(0) == 0xC2 && byte(1) < 0xA0 ? 0 : size;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line;
    std::size_t characters = 0;
    std::size_t cut = 0;  // where it ends if it is too long
    while (!text.empty()) {
        const std::size_t size = printable(text);
        const std::string shown = size != 0 ? std::string(text.substr(0, size))
                                            : fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        characters += size != 0 ? 1 : shown.size();
        if (characters > kMost) return line.substr(0, cut) + std::string(kCut);
        line += shown;
        if (characters + kCut.size() <= kMost) cut = line.size();
        text.remove_prefix(size != 0 ? size : 1);
    }
    return line;
}

}  // namespace cancelsim::properties
