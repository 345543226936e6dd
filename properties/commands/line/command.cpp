#include "properties/commands/line/command.h"

namespace cancelsim::properties {

std::vector<std::string> names_of(const Option& option) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at < option.names.size();) {
        const std::size_t end = std::min(option.names.find(',', at), option.names.size());
        names.push_back(option.names.substr(at, end - at));
        at = end + 1;
    }
    return names;
}

std::string first_name(const Option& option) { return names_of(option).front(); }

bool is_argument(const Option& option) { return !option.names.starts_with('-'); }

bool is_list(const Option& option) {
    using List = std::vector<std::string>*;
    if (const auto* word = std::get_if<Word>(&option.value)) return std::holds_alternative<List>(word->value);
    if (const auto* text = std::get_if<Text>(&option.value)) return std::holds_alternative<List>(text->value);
    return false;
}

}  // namespace cancelsim::properties
