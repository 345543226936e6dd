// What the kernel tells those who watch a run, beside sim/trace.h.
#pragma once

#include "sim/trace.h"

namespace cancelsim::model::events {

using sim::EventKind;

inline constexpr EventKind scope_entered = 16;  ///< `subject`, a CancelScope, by `task`
inline constexpr EventKind scope_left =
    17;                                  ///< `subject`, a CancelScope, by `task`; `error` came in, `flag`: swallowed
inline constexpr EventKind cancel = 18;  ///< the first `cancel()` of `subject`, before its pass; `task` ran it, if any
/// a pass that `subject` originates has ended: `Kernel::delivered()`; `flag`: it re-armed
inline constexpr EventKind deliver = 19;
inline constexpr EventKind shield_changed = 20;    ///< of `subject`; `flag` is the new value
inline constexpr EventKind deadline_changed = 21;  ///< of `subject`
/// a pass is about to call `cancel()` on `task`; `subject` is its origin
inline constexpr EventKind delivered_to = 22;
inline constexpr EventKind group_entered = 23;  ///< `subject`, a TaskGroup, by `task`
/// `subject`, a TaskGroup; `error` leaves it, if any; `flag`: its exit gave way at least once; `value`: whether its
/// body ended with a CancelledError
inline constexpr EventKind group_left = 24;
inline constexpr EventKind spawned = 25;         ///< `task` was spawned in `subject`, a TaskGroup
inline constexpr EventKind start_called = 26;    ///< `task` was spawned in `subject` by `start`, which waits now
inline constexpr EventKind start_returned = 27;  ///< that `start` ends; `error` is what it raises
inline constexpr EventKind started_called =
    28;  ///< `task` called `started()`, which raised `error`, if any; `flag`: its starter was still waiting
inline constexpr EventKind task_left_group =
    29;  ///< the done callback of `task` has run; `subject` is its TaskGroup; `flag`: it cancelled that
inline constexpr EventKind deadline_passed =
    30;  ///< the deadline of `subject` is taken to have come: it will be cancelled, if it is not

/// `__exit__` of `subject`, a CancelScope, in `task` raised `error` and undid nothing; `value` is an ExitFailure
inline constexpr EventKind scope_exit_failed = 31;
/// the exit of `subject`, a TaskGroup, begins in `task`; `error`, if any, is what came out of its body
inline constexpr EventKind group_exit_begins = 32;

/// Why a scope could not be left.
enum class ExitFailure : std::uint32_t {
    not_entered,    ///< it is not active
    other_task,     ///< it was entered in another task
    not_innermost,  ///< a scope that was entered after it is open
};

}  // namespace cancelsim::model::events
