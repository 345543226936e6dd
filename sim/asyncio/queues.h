// asyncio.Queue.
//
// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/queues.py, less 3.13's `shutdown`.
#pragma once

#include "sim/asyncio/locks.h"

namespace cancelsim::sim::asyncio {

/// What is put into a queue.
using Item = std::uint32_t;

struct Queue {
    std::uint64_t maxsize = 0;  ///< 0: no limit
    Waiters getters;
    Waiters putters;
    std::uint64_t unfinished_tasks = 0;
    Event finished{.value = true};

    std::uint32_t qsize() const { return size_; }
    /// The item that comes after `n` others; there must be one.
    Item item(std::uint32_t n) const { return items_[(first_ + n) % capacity_]; }
    bool empty() const { return size_ == 0; }
    bool full() const { return maxsize != 0 && size_ >= maxsize; }

    // What awaits gives back what those of locks.h do.

    /// `await queue.put(item)`
    Poll put(Loop& loop, Task& task, Item item);
    /// `put_nowait(item)`: the QueueFull that it raises, or null.
    Error* put_nowait(Loop& loop, Item item);
    /// `await queue.get()`: `item`, which must live as long as the task waits, is set where it completes without an
    /// error.
    Poll get(Loop& loop, Task& task, Item& item);
    /// `get_nowait()`: the QueueEmpty that it raises, or null and `item` is set.
    Error* get_nowait(Loop& loop, Item& item);
    /// `task_done()`: the ValueError that it raises where it is called too often, or null.
    Error* task_done(Loop& loop);
    /// `await queue.join()`
    Poll join(Loop& loop, Task& task) { return unfinished_tasks > 0 ? finished.wait(loop, task) : Poll::returned(); }

private:
    void wakeup_next(Loop& loop, Waiters& waiters);
    void take_place_back(Loop& loop, Waiters& waiters, Waiter& waiter, bool could_go_on);
    static Poll resume_put(Loop& loop, Task& task, Frame& frame, Resume with);
    static Poll resume_get(Loop& loop, Task& task, Frame& frame, Resume with);

    Item* items_ = nullptr;  ///< a ring
    std::uint32_t capacity_ = 0;
    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
};

}  // namespace cancelsim::sim::asyncio
