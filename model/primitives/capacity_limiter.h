// anyio's CapacityLimiter on asyncio.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class CapacityLimiter`.
#pragma once

#include <cstdint>

#include "model/cancel_scope.h"
#include "model/event.h"
#include "sim/ordered_set.h"

namespace cancelsim::model {

class StateHash;

/// A borrower of tokens: a task, or an object of the program's that has a number of its own.
struct Borrower {
    std::uint32_t number;  ///< tells all borrowers apart: dense and small

    static Borrower of(const Task& task) { return {2 * task.id}; }
    /// `name` is the number of an object, below 2^31, from 0.
    static Borrower named(std::uint32_t name) { return {2 * name + 1}; }
};

/// An entry of `_wait_queue`, under its borrower.
struct LimiterEntry {
    Borrower borrower{0};
    Event* event = nullptr;
    SetLinks<LimiterEntry> in_queue;
};

struct CapacityLimiter {
    std::int64_t total_tokens = 0;
    std::int64_t borrowed_tokens = 0;  ///< how many `_borrowers` there are
    OrderedSet<LimiterEntry, &LimiterEntry::in_queue> wait_queue;

    /// The frame of `acquire_on_behalf_of(borrower)`, to be called with `Loop::call`.
    sim::Frame& acquire_on_behalf_of(Kernel& kernel, Borrower borrower);
    sim::Frame& acquire(Kernel& kernel);
    /// The exception that it raises (WouldBlock; RuntimeError where the borrower holds a token), or null.
    Error* acquire_on_behalf_of_nowait(Kernel& kernel, Borrower borrower);
    /// Of the current task.
    Error* acquire_nowait(Kernel& kernel);
    /// RuntimeError where the borrower holds no token, or null.
    Error* release_on_behalf_of(Kernel& kernel, Borrower borrower);
    /// Of the current task.
    Error* release(Kernel& kernel);
    /// The setter of `total_tokens`; `value` is at least 1. Also outside of any task.
    void set_total_tokens(Kernel& kernel, std::int64_t value);

    void add_to(StateHash& hash) const;

    // For the frame of `acquire_on_behalf_of`.

    /// A borrower, as the limiter keeps it.
    struct Slot {
        bool borrows = false;           ///< it is one of `_borrowers`
        LimiterEntry* entry = nullptr;  ///< under it in `_wait_queue`, or null
    };
    Slot& slot_of(Kernel& kernel, Borrower borrower);
    void add_borrower(Kernel& kernel, Borrower borrower);
    void discard_borrower(Kernel& kernel, Borrower borrower);
    /// `_wait_queue.pop(borrower, None)`
    void leave_queue(Kernel& kernel, Borrower borrower);
    void notify_next_waiter(Kernel& kernel);

private:
    void wake_first(Kernel& kernel);

    Slot* slots_ = nullptr;  ///< by the number of the borrower
    std::uint32_t slot_count_ = 0;
};

}  // namespace cancelsim::model
