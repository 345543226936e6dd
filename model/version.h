// Kernel versions: releases of anyio as sets of named differences.
#pragma once

#include <span>
#include <string_view>

#include "sim/loop.h"

namespace cancelsim::model {

/// The differences between releases, as far as a case can see them.
struct Version {
    std::string_view name;
    bool skips_done_tasks;    ///< the release's own pass skips done tasks (#1111)
    bool task_handles;        ///< a TaskHandle around each spawned task, with a scope; `start` cancels
                              ///< through it
    bool group_entered_once;  ///< a group is active while it was entered and its scope is active,
                              ///< not by a flag of its own
    bool start_under_caller;  ///< until it calls `started()`, what `start` spawned is in its caller's scope, and not in
                              ///< its group's; only with `task_handles`
    // Primitives.
    bool release_drops_cancelled;  ///< what `Lock.release` and `Semaphore.release` come past leaves the queue (#1145)
    bool limiter_hands_over;       ///< whoever wakes a limiter's waiter takes the token for it (#1170)
    bool limiter_wakes_by_room;    ///< setting `total_tokens` wakes only while fewer are borrowed (#1223)
};

/// From the oldest to the newest.
std::span<const Version* const> all_versions();
const Version& newest_version();
const Version* find_version(std::string_view name);

std::span<const sim::Python* const> all_pythons();
const sim::Python* find_python(std::string_view name);

}  // namespace cancelsim::model
