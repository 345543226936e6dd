// The events of a worker beside ours.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace cancelsim::properties {

/// Our events, in order: pairs of a name and a list of the names of its values, a list in JSON.
nlohmann::json event_table();
/// In what `theirs`, a worker's table, differs from ours: the first event that does; empty where it is the same.
std::string difference_of_events(const nlohmann::json& theirs);

}  // namespace cancelsim::properties
