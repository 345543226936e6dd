// Virtual time, and asyncio.TimerHandle.
#pragma once

#include <cstdint>

#include "sim/future.h"

namespace cancelsim::sim {

/// Virtual time, in whole units from 0.
using Time = std::int64_t;
inline constexpr Time kInfinity = INT64_MAX;

/// What time it is in a run. Who runs it keeps it; others read it, and ask for an alarm.
struct Clock {
    std::uint64_t iteration = 0;  ///< that runs, from 1; 0 before the first
    Time now = 0;
    std::uint64_t time_moved_in = 0;  ///< the iteration in which `now` moved last; 0 if it never did
    Time alarm = kInfinity;           ///< when somebody wants to be told

    /// Has an AlarmRang told to those who watch when the first iteration begins at or after `when`. There is one alarm:
    /// the earliest that was asked for since the last.
    void alarm_at(Time when) {
        if (when < alarm) alarm = when;
    }
};

enum class TimerState : std::uint8_t { idle, scheduled, due };

/// A timer, as part of the object that owns it: it can be scheduled again once it is idle.
struct Timer {
    Callback callback;
    Time when = 0;           ///< at least 0
    std::uint32_t node = 0;  ///< of the wheel that it hangs in; 0: none
    TimerState state = TimerState::idle;
};

}  // namespace cancelsim::sim
