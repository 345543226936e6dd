// What the kernel tells those who watch a run, beside sim/trace.h.
#pragma once

#include "sim/trace.h"

namespace cancelsim::model::events {

using sim::EventKind;

inline constexpr EventKind scope_entered = 16;  ///< `subject`, a CancelScope, by `task`
inline constexpr EventKind scope_left =
    17;                                  ///< `subject`, a CancelScope, by `task`; `error` came in, `flag`: swallowed
inline constexpr EventKind cancel = 18;  ///< the first `cancel()` of `subject`, before its pass; `task` ran it, if any
inline constexpr EventKind pass_begins = 19;       ///< a pass that `subject` originates begins
inline constexpr EventKind deliver = 20;           ///< that pass has ended: `Kernel::delivered()`; `flag`: it re-armed
inline constexpr EventKind shield_changed = 21;    ///< of `subject`; `flag` is the new value
inline constexpr EventKind deadline_changed = 22;  ///< of `subject`
inline constexpr EventKind delivered_to =
    23;  ///< a pass is about to call `cancel()` on `task`; `subject` is its origin
inline constexpr EventKind group_entered = 24;  ///< `subject`, a TaskGroup, by `task`
/// `subject`, a TaskGroup; `error` leaves it, if any; `flag`: its exit gave way at least once; `value`: whether its
/// body ended with a CancelledError
inline constexpr EventKind group_left = 25;
inline constexpr EventKind spawned = 26;         ///< `task` was spawned in `subject`, a TaskGroup
inline constexpr EventKind start_called = 27;    ///< `task` was spawned in `subject` by `start`, which waits now
inline constexpr EventKind start_returned = 28;  ///< that `start` ends; `error` is what it raises
inline constexpr EventKind started_called = 29;  ///< `task` called `started()`; `flag`: its starter was still waiting
inline constexpr EventKind task_left_group =
    30;  ///< the done callback of `task` has run; `subject` is its TaskGroup; `flag`: it cancelled that
inline constexpr EventKind deadline_passed =
    31;  ///< the deadline of `subject` is taken to have come: it will be cancelled, if it is not

}  // namespace cancelsim::model::events
