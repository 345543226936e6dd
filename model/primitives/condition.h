// anyio's Condition.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_core/_synchronization.py, `class Condition`.
#pragma once

#include <cstdint>

#include "model/event.h"
#include "model/primitives/lock.h"

namespace cancelsim::model {

/// An entry of a condition's `_waiters`.
struct ConditionEntry {
    Event event;
    SetLinks<ConditionEntry> in_queue;
};

struct Condition {
    Lock* lock = nullptr;
    /// The task that acquired the lock through the condition last, whoever holds it now.
    const Task* owner_task = nullptr;
    /// Also those of waits that failed before they waited.
    OrderedSet<ConditionEntry, &ConditionEntry::in_queue> waiters;

    /// The frame of `acquire`, to be called with `Loop::call`.
    sim::Frame& acquire(Kernel& kernel);
    /// In the current task: the exception that it raises (WouldBlock, RuntimeError), or null.
    Error* acquire_nowait(Kernel& kernel);
    /// In the current task: RuntimeError where that does not hold the lock, or null.
    Error* release(Kernel& kernel) { return lock->release(kernel); }
    /// The frame of `wait`, to be called with `Loop::call`.
    sim::Frame& wait(Kernel& kernel);
    /// RuntimeError where the current task was not the last to acquire it, or null. `n` is at least 1.
    Error* notify(Kernel& kernel, std::int64_t n);
    Error* notify_all(Kernel& kernel);

    /// With its lock.
    void add_to(StateHash& hash) const;

    // For the frame of `wait`.

    Error* check_acquired(Kernel& kernel) const;
    /// `_waiters.popleft().set()`; there must be one.
    void wake_first(Kernel& kernel);
};

}  // namespace cancelsim::model
