// asyncio.Lock, Semaphore and Condition, and the Event that a Queue needs.
//
// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/locks.py.
#pragma once

#include "sim/asyncio/waiter.h"
#include "sim/loop.h"

namespace cancelsim::sim::asyncio {

// What awaits here returns `Poll::returned` where it completes at once, `Poll::raised` where it raises at once, and
// else `Poll::called`: the frame that awaits it gives that back, and is resumed with what came of it. `task` is the
// current one.

struct Lock {
    bool locked = false;
    Waiters waiters;

    /// `await lock.acquire()`
    Poll acquire(Loop& loop, Task& task);
    /// `release()`: the RuntimeError that it raises where the lock is not locked, or null.
    Error* release(Loop& loop);
    void wake_up_first(Loop& loop);
};

struct Event {
    bool value = false;
    Waiters waiters;

    void set(Loop& loop);
    void clear() { value = false; }
    /// `await event.wait()`
    Poll wait(Loop& loop, Task& task);
};

struct Semaphore {
    std::uint64_t value = 1;  ///< permits
    Waiters waiters;

    bool locked() const;
    /// `await semaphore.acquire()`
    Poll acquire(Loop& loop, Task& task);
    void release(Loop& loop) {
        ++value;
        wake_up_next(loop);
    }
    /// Whether there was one to wake.
    bool wake_up_next(Loop& loop);
};

/// Its `acquire` and `release` are those of its lock.
struct Condition {
    Lock* lock = nullptr;  ///< never null
    Waiters waiters;

    /// `await condition.wait()`
    Poll wait(Loop& loop, Task& task);
    /// `notify(n)`, `notify_all()` with the length of the queue: the RuntimeError that it raises where the lock is not
    /// locked, or null.
    Error* notify(Loop& loop, std::uint32_t n);
    void wake(Loop& loop, std::uint32_t n);  ///< 3.13's `_notify`
};

}  // namespace cancelsim::sim::asyncio
