// The tasks that wait for a lock or a semaphore.
#pragma once

#include "model/cancel_scope.h"

namespace cancelsim::model {

/// An entry of `_waiters`. Its future is the `waiter` of its task, which awaits nothing else meanwhile.
struct Waiter {
    Task* task = nullptr;
    SetLinks<Waiter> in_queue;
};

/// `_waiters`, a deque: first come, first served.
using Waiters = OrderedSet<Waiter, &Waiter::in_queue>;

/// `fut = asyncio.Future(); self._waiters.append(fut); await fut`, up to where it parks.
inline sim::Poll wait_in(Waiters& waiters, Waiter& waiter, Task& task) {
    task.waiter = {};
    task.waits_for = {sim::WaitKind::object};
    waiter.task = &task;
    waiters.add(waiter);
    return sim::Poll::awaiting(task.waiter);
}

/// Adds to a model::StateHash who waits, in order.
template <class Hash>
void add_waiters(Hash& hash, const Waiters& waiters) {
    hash.add(waiters.size());
    for (const Waiter* waiter = waiters.first(); waiter != nullptr; waiter = Waiters::next(*waiter))
        hash.refer(waiter->task);
}

}  // namespace cancelsim::model
