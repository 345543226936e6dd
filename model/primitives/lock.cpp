#include "model/primitives/lock.h"

#include <cassert>

#include "model/checkpoints.h"
#include "model/primitives/frame.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

/// Whether what `release` comes past leaves the queue.
bool drops_cancelled(const Kernel& kernel) {
    return kernel.version().release_drops_cancelled && !kernel.has(Bug::lock_keeps_cancelled_waiters);
}

struct LockAcquire : sim::Frame {
    static constexpr std::string_view kName = "anyio.Lock.acquire";

    Lock* lock;
    Waiter waiter;

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const { lock->add_to(hash); }

private:
    enum : std::uint32_t { fresh, in_checkpoint, in_shielded_checkpoint, waiting };

    Poll begin(Kernel& kernel, Task& task);
    Poll take(Kernel& kernel, Task& task);
    Poll waited(Kernel& kernel, Task& task, Error* thrown);
};

Poll LockAcquire::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh: return begin(kernel, task);
        case in_checkpoint:
            // It loops on sleep(0) until an exception arrives.
            return with.thrown != nullptr ? Poll::raised(*with.thrown) : Poll::yielded();
        case in_shielded_checkpoint:
            if (with.thrown == nullptr || !with.thrown->is_cancelled()) return Poll::ended(with.thrown);
            handled = with.thrown;
            if (kernel.has(Bug::cancelled_checkpoint_keeps_lock)) return Poll::raised(*with.thrown);
            if (Error* error = lock->release(kernel)) return Poll::raised(*error);
            return Poll::raised(*with.thrown);
        default: return waited(kernel, task, with.thrown);
    }
}

Poll LockAcquire::begin(Kernel& kernel, Task& task) {
    if (lock->owner_task == nullptr && lock->waiters.empty()) {
        if (!checkpoint_if_cancelled_yields(kernel, task)) return take(kernel, task);
        task.waits_for = {sim::WaitKind::poll};
        at = in_checkpoint;
        return Poll::yielded();
    }
    // Attempted to acquire an already held Lock
    if (lock->owner_task == &task && !kernel.has(Bug::owner_waits_for_its_lock))
        return Poll::raised(*kernel.raise(ErrorKind::runtime_error));
    at = waiting;
    return wait_in(lock->waiters, waiter, task);
}

Poll LockAcquire::take(Kernel& kernel, Task& task) {
    lock->owner_task = &task;
    // Unless on the "fast path", yield control of the event loop so that other tasks can run too
    if (lock->fast_acquire) return Poll::returned();
    task.waits_for = {sim::WaitKind::shielded_checkpoint};
    at = in_shielded_checkpoint;
    return kernel.call(task, cancel_shielded_checkpoint(kernel));
}

Poll LockAcquire::waited(Kernel& kernel, Task& task, Error* thrown) {
    const bool drops = drops_cancelled(kernel);
    if (thrown == nullptr) {
        if (!drops) lock->waiters.discard(waiter);
        return Poll::returned();
    }
    handled = thrown;
    const bool was_woken = drops ? !task.waiter.cancelled() : lock->owner_task == &task;
    if (!drops || !was_woken) lock->waiters.discard(waiter);
    if (was_woken && !kernel.has(Bug::cancelled_waiter_keeps_lock))
        if (Error* error = lock->release(kernel)) return Poll::raised(*error);
    return Poll::raised(*thrown);
}

}  // namespace

sim::Frame& Lock::acquire(Kernel& kernel) {
    auto& frame = new_frame<LockAcquire>(kernel);
    frame.lock = this;
    return frame;
}

Error* Lock::acquire_nowait(Kernel& kernel) {
    Task* task = kernel.current_task();
    if (owner_task == nullptr && waiters.empty()) {
        owner_task = task;
        return nullptr;
    }
    // Attempted to acquire an already held Lock
    if (owner_task == task) return kernel.raise(ErrorKind::runtime_error);
    return kernel.raise(ErrorKind::would_block);
}

Error* Lock::release(Kernel& kernel) {
    // The current task is not holding this lock
    if (owner_task != kernel.current_task()) return kernel.raise(ErrorKind::runtime_error);

    const bool drops = drops_cancelled(kernel);
    Waiter* next = nullptr;
    for (Waiter* waiter = waiters.first(); waiter != nullptr; waiter = next) {
        next = Waiters::next(*waiter);
        if (drops) waiters.discard(*waiter);
        if (waiter->task->waiter.cancelled()) continue;
        owner_task = waiter->task;
        assert(!waiter->task->waiter.done());  // one that was woken owns it, and has left the queue before it releases
        kernel.set_result(waiter->task->waiter);
        return nullptr;
    }
    owner_task = nullptr;
    return nullptr;
}

void Lock::add_to(StateHash& hash) const {
    if (!hash.meet(this)) return;
    hash.add(fast_acquire ? 1 : 0);
    hash.refer(owner_task);
    add_waiters(hash, waiters);
}

}  // namespace cancelsim::model
