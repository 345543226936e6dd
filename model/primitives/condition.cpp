#include "model/primitives/condition.h"

#include "model/checkpoints.h"
#include "model/primitives/frame.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

/// async def acquire(self): await self._lock.acquire(); self._owner_task = get_current_task()
struct ConditionAcquire : sim::Frame {
    static constexpr std::string_view kName = "anyio.Condition.acquire";

    Condition* condition;

    Poll run(Kernel& kernel, Task& task, Resume with) {
        if (at == 0) {
            at = 1;
            return kernel.call(task, condition->lock->acquire(kernel));
        }
        if (with.thrown == nullptr) condition->owner_task = &task;
        return Poll::ended(with.thrown);
    }
    void add_to(StateHash& hash) const { condition->add_to(hash); }
};

struct ConditionWait : sim::Frame {
    static constexpr std::string_view kName = "anyio.Condition.wait";

    Condition* condition;
    ConditionEntry entry;
    CancelScope* shield;
    Error* thrown;  ///< what ended the wait, or null: it goes on when the lock is held again

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const {
        condition->add_to(hash);
        hash.add_event(entry.event);
        hash.refer(shield);
        hash.add_error(thrown);
    }

private:
    enum : std::uint32_t { fresh, in_checkpoint, waiting, reacquiring };

    Poll begin(Kernel& kernel, Task& task);
    Poll waited(Kernel& kernel, Task& task);
    Poll reacquired(Kernel& kernel, Error* error);
};

Poll ConditionWait::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh:
            if (!checkpoint_if_cancelled_yields(kernel, task)) return begin(kernel, task);
            task.waits_for = {sim::WaitKind::poll};
            at = in_checkpoint;
            return Poll::yielded();
        case in_checkpoint:
            // It loops on sleep(0) until an exception arrives.
            return with.thrown != nullptr ? Poll::raised(*with.thrown) : Poll::yielded();
        case waiting: thrown = with.thrown; return waited(kernel, task);
        default: return reacquired(kernel, with.thrown);
    }
}

Poll ConditionWait::begin(Kernel& kernel, Task& task) {
    if (Error* error = condition->check_acquired(kernel)) return Poll::raised(*error);
    condition->waiters.add(entry);
    // Where the lock has changed hands since, this raises, and the event stays queued.
    if (Error* error = condition->release(kernel)) return Poll::raised(*error);
    task.waits_for = {sim::WaitKind::object};
    at = waiting;
    return event_wait(kernel, entry.event, task);
}

Poll ConditionWait::waited(Kernel& kernel, Task& task) {
    event_wait_ends(entry.event, task);
    handled = thrown;
    if (thrown != nullptr) {
        if (!entry.event.is_set)
            condition->waiters.discard(entry);
        else if (!condition->waiters.empty() && !kernel.has(Bug::cancelled_waiter_keeps_notification))
            // This task was notified by could not act on it, so pass it on to the next task
            condition->wake_first(kernel);
    }
    // finally: with CancelScope(shield=True): await self.acquire()
    shield = &kernel.new_scope(sim::kInfinity, true);
    shield->enter(kernel);  // a new scope: it cannot fail
    at = reacquiring;
    return kernel.call(task, condition->acquire(kernel));
}

Poll ConditionWait::reacquired(Kernel& kernel, Error* error) {
    if (error != nullptr) handled = error;
    const ExitResult exit = shield->exit(kernel, error);
    handled = nullptr;
    if (exit.raised != nullptr) return Poll::raised(*exit.raised);
    if (error != nullptr && !exit.swallow) return Poll::raised(*error);
    return Poll::ended(thrown);
}

}  // namespace

sim::Frame& Condition::acquire(Kernel& kernel) {
    auto& frame = new_frame<ConditionAcquire>(kernel);
    frame.condition = this;
    return frame;
}

Error* Condition::acquire_nowait(Kernel& kernel) {
    if (Error* error = lock->acquire_nowait(kernel)) return error;
    owner_task = kernel.current_task();
    return nullptr;
}

sim::Frame& Condition::wait(Kernel& kernel) {
    auto& frame = new_frame<ConditionWait>(kernel);
    frame.condition = this;
    return frame;
}

Error* Condition::check_acquired(Kernel& kernel) const {
    // The current task is not holding the underlying lock
    return owner_task != kernel.current_task() ? kernel.raise(ErrorKind::runtime_error) : nullptr;
}

void Condition::wake_first(Kernel& kernel) {
    ConditionEntry& first = *waiters.first();
    waiters.discard(first);
    first.event.set(kernel);
}

Error* Condition::notify(Kernel& kernel, std::int64_t n) {
    if (Error* error = check_acquired(kernel)) return error;
    for (; n > 0 && !waiters.empty(); --n) wake_first(kernel);
    return nullptr;
}

Error* Condition::notify_all(Kernel& kernel) {
    if (Error* error = check_acquired(kernel)) return error;
    while (!waiters.empty()) wake_first(kernel);
    return nullptr;
}

void Condition::add_to(StateHash& hash) const {
    if (!hash.meet(this)) return;
    lock->add_to(hash);
    hash.refer(owner_task);
    hash.add(waiters.size());
    for (const ConditionEntry* entry = waiters.first(); entry != nullptr; entry = decltype(waiters)::next(*entry))
        hash.add_event(entry->event);
}

}  // namespace cancelsim::model
