// anyio's Semaphore on asyncio.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class Semaphore`.
#pragma once

#include <cstdint>

#include "model/primitives/waiters.h"

namespace cancelsim::model {

class StateHash;

struct Semaphore {
    static constexpr std::int64_t kNoMaximum = -1;

    std::int64_t value = 0;               ///< permits that are free, 0 or more
    std::int64_t max_value = kNoMaximum;  ///< at least the first `value`, or kNoMaximum
    bool fast_acquire = false;
    Waiters waiters;

    /// The frame of `acquire`, to be called with `Loop::call`.
    sim::Frame& acquire(Kernel& kernel);
    /// The exception that it raises (WouldBlock), or null.
    Error* acquire_nowait(Kernel& kernel);
    /// The exception that it raises (ValueError above `max_value`), or null. Also outside of any task.
    Error* release(Kernel& kernel);

    void add_to(StateHash& hash) const;
};

}  // namespace cancelsim::model
