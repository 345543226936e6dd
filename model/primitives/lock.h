// anyio's Lock on asyncio.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class Lock`.
#pragma once

#include "model/primitives/waiters.h"

namespace cancelsim::model {

class StateHash;

struct Lock {
    bool fast_acquire = false;
    Task* owner_task = nullptr;
    Waiters waiters;

    /// The frame of `acquire`, to be called with `Loop::call`.
    sim::Frame& acquire(Kernel& kernel);
    /// In the current task: the exception that it raises (WouldBlock, RuntimeError), or null.
    Error* acquire_nowait(Kernel& kernel);
    /// In the current task: RuntimeError where that does not hold it, or null.
    Error* release(Kernel& kernel);

    void add_to(StateHash& hash) const;
};

}  // namespace cancelsim::model
