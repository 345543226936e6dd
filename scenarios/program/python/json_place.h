// Which statement of a case a place in its JSON is in.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace cancelsim::scenarios {

/// `fault` begins with the path of a key, such as `main[2].body[0].for`, in `program`, the JSON of a case. The number
/// of the innermost statement on it, npos for none, and the fault from there on.
std::pair<std::size_t, std::string> statement_at(const nlohmann::ordered_json& program, std::string_view fault);

}  // namespace cancelsim::scenarios
