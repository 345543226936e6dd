// Delivery policies as Python: what replaces anyio's own pass in an exported file.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cancelsim::properties::python {

/// The section of an exported file that puts `policy` in place of `CancelScope._deliver_cancellation`, unless the file
/// is run with `--policy upstream`. Empty for `upstream`, nothing for a policy that has no Python yet. `summary` is a
/// sentence about it.
std::optional<std::string> policy_section(std::string_view policy, std::string_view summary);

/// Whether that section has a function `parked(task)`, for the event loop to call when a task has given way.
bool wants_to_know_of_parked_tasks(std::string_view policy);

}  // namespace cancelsim::properties::python
