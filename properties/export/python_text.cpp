#include "properties/export/python_text.h"

namespace cancelsim::properties {

std::string wrapped(std::string_view text, std::string_view indent) {
    constexpr std::size_t kColumns = 110;
    std::string result;
    std::string line(indent);
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(word.size() < text.size() ? word.size() + 1 : text.size());
        if (line.size() > indent.size() && line.size() + 1 + word.size() > kColumns) {
            result += line + "\n";
            line = indent;
        }
        if (line.size() > indent.size()) line += ' ';
        line += word;
    }
    return result + line + "\n";
}

std::string harmless(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '"')
            result += '\'';
        else
            result += letter < ' ' || letter > '~' || letter == '\\' ? '?' : letter;
    }
    return result;
}

}  // namespace cancelsim::properties
