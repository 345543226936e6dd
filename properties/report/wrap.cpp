#include "properties/report/wrap.h"

#include <algorithm>

namespace cancelsim::properties {

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width, const std::string& indent) {
    std::vector<std::string> lines{""};
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        std::string& line = lines.back();
        const bool is_first = line.find_first_not_of(' ') == std::string::npos;
        if (is_first)
            line += word;
        else if (width_of(line) + 1 + width_of(word) <= width)
            line += " " + word;
        else
            lines.push_back(indent + word);
        at = end + 1;
    }
    return lines;
}

}  // namespace cancelsim::properties
