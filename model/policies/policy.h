// Delivery policies: the part of anyio that people patch.
#pragma once

#include <span>
#include <string_view>

namespace cancelsim::model {

class Kernel;
struct CancelScope;
struct Task;

/// A replacement for the loop over `_tasks` in `CancelScope._deliver_cancellation`. What surrounds it, the pass over
/// the child scopes and scheduling the next pass, is the kernel's: Kernel::deliver_cancellation. To add one: a file in
/// this folder, NAME.cpp, which defines `policies::NAME`; the build lists them.
struct Policy {
    std::string_view name;
    int place;                 ///< in lists: the lower comes first, then by name
    std::string_view summary;  ///< one sentence, for `cancelsim list`

    /// Cancels what it has to among the tasks directly in `scope`, on behalf of `origin`; returns whether the pass has
    /// to be run again.
    bool (*deliver)(Kernel& kernel, CancelScope& scope, CancelScope& origin);

    /// Called whenever `task` has given way; null for the policies that only replace the pass, as all do that the real
    /// library can take without further change.
    void (*parked)(Kernel& kernel, Task& task) = nullptr;
};

std::span<const Policy* const> all_policies();
/// Null where there is none of that name.
const Policy* find_policy(std::string_view name);

}  // namespace cancelsim::model
