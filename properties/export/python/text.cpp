#include "properties/export/python/text.h"

namespace cancelsim::properties::python {

std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
    std::string result(text);
    for (const auto& [name, value] : values) {
        const std::string mark = "$" + std::string(name) + "$";
        for (std::size_t at = result.find(mark); at != std::string::npos; at = result.find(mark, at + value.size())) {
            std::size_t length = mark.size();
            // What fills a whole line brings its own line break, or is nothing at all.
            const bool whole_line = (at == 0 || result[at - 1] == '\n') && result[at + length] == '\n';
            if (whole_line && (value.empty() || value.back() == '\n')) ++length;
            result.replace(at, length, value);
        }
    }
    if (result.starts_with('\n')) result.erase(0, 1);
    return result;
}

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

}  // namespace cancelsim::properties::python
