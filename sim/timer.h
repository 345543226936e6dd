// asyncio.TimerHandle.
#pragma once

#include <cstdint>

#include "sim/future.h"

namespace cancelsim::sim {

/// Virtual time, in whole units from 0.
using Time = std::int64_t;
inline constexpr Time kInfinity = INT64_MAX;

enum class TimerState : std::uint8_t { idle, scheduled, due };

/// A timer, as part of the object that owns it: it can be scheduled again once it is idle.
struct Timer {
    Callback callback;
    Time when = 0;           ///< at least 0
    std::uint32_t node = 0;  ///< of the wheel that it hangs in; 0: none
    TimerState state = TimerState::idle;
};

}  // namespace cancelsim::sim
