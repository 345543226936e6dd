// JSON for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cancelsim::properties {

/// `json` on one line, without an LF. A case may hold any bytes, in a note say: those that are no UTF-8 are replaced by
/// U+FFFD.
std::string json_line(const nlohmann::ordered_json& json);

}  // namespace cancelsim::properties
