// What the interpreter of cases tells those who watch a run, beside model/events.h: the rest of
// CASES.md, "A trace".
#pragma once

#include "model/events.h"

namespace cancelsim::scenarios::events {

using namespace model::events;

inline constexpr EventKind task_start = 40;  ///< the body of `task` begins to run
inline constexpr EventKind task_end = 41;    ///< the body of `task` ended, with `error` or null
inline constexpr EventKind await = 42;       ///< statement `value` of `task` completed, with `error` or null
inline constexpr EventKind scope_exit = 43;  ///< after a scope or fail_after; `subject` is the scope, `error` leaves it
inline constexpr EventKind group_exit = 44;  ///< after a group; `subject` is the group, `error` leaves it
inline constexpr EventKind caught = 45;      ///< the `try` that is statement `value` of `task` caught `error`
inline constexpr EventKind raised =
    46;                                ///< statement `value` raised `error` without having awaited; `task` may be null
inline constexpr EventKind skip = 47;  ///< statement `value` had nothing to refer to; `task` may be null
inline constexpr EventKind note = 48;  ///< statement `value` is a note; `task` may be null
inline constexpr EventKind awaits = 49;  ///< statement `value` of `task` begins to wait
inline constexpr EventKind begins = 50;  ///< statement `value` is about to be executed; `task` may be null
/// `task` is about to enter or leave a scope or a group by hand: statement `value`
inline constexpr EventKind by_hand = 51;

}  // namespace cancelsim::scenarios::events
