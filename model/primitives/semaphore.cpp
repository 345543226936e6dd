#include "model/primitives/semaphore.h"

#include <cassert>

#include "model/checkpoints.h"
#include "model/primitives/frame.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

struct SemaphoreAcquire : sim::Frame {
    static constexpr std::string_view kName = "anyio.Semaphore.acquire";

    Semaphore* semaphore;
    Waiter waiter;

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const { semaphore->add_to(hash); }

private:
    enum : std::uint32_t { fresh, in_checkpoint, in_shielded_checkpoint, waiting };

    Poll begin(Kernel& kernel, Task& task);
    Poll take(Kernel& kernel, Task& task);
    Poll release_and_raise(Kernel& kernel, Error& thrown);
};

Poll SemaphoreAcquire::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh: return begin(kernel, task);
        case in_checkpoint:
            // It loops on sleep(0) until an exception arrives.
            return with.thrown != nullptr ? Poll::raised(*with.thrown) : Poll::yielded();
        case in_shielded_checkpoint:
            if (with.thrown == nullptr || !with.thrown->is_cancelled()) return Poll::ended(with.thrown);
            return release_and_raise(kernel, *with.thrown);
        default: {
            if (with.thrown == nullptr) return Poll::returned();
            if (!task.waiter.cancelled()) return release_and_raise(kernel, *with.thrown);
            semaphore->waiters.discard(waiter);
            return Poll::raised(*with.thrown);
        }
    }
}

Poll SemaphoreAcquire::begin(Kernel& kernel, Task& task) {
    if (semaphore->value > 0 && semaphore->waiters.empty()) {
        if (!checkpoint_if_cancelled_yields(kernel, task)) return take(kernel, task);
        task.waits_for = {sim::WaitKind::poll};
        at = in_checkpoint;
        return Poll::yielded();
    }
    at = waiting;
    return wait_in(semaphore->waiters, waiter, task);
}

Poll SemaphoreAcquire::take(Kernel& kernel, Task& task) {
    --semaphore->value;
    // Unless on the "fast path", yield control of the event loop so that other tasks can run too
    if (semaphore->fast_acquire) return Poll::returned();
    task.waits_for = {sim::WaitKind::shielded_checkpoint};
    at = in_shielded_checkpoint;
    return kernel.call(task, cancel_shielded_checkpoint(kernel));
}

Poll SemaphoreAcquire::release_and_raise(Kernel& kernel, Error& thrown) {
    handled = &thrown;
    if (Error* error = semaphore->release(kernel)) return Poll::raised(*error);
    return Poll::raised(thrown);
}

}  // namespace

sim::Frame& Semaphore::acquire(Kernel& kernel) {
    auto& frame = new_frame<SemaphoreAcquire>(kernel);
    frame.semaphore = this;
    return frame;
}

Error* Semaphore::acquire_nowait(Kernel& kernel) {
    if (value == 0) return kernel.raise(ErrorKind::would_block);
    --value;
    return nullptr;
}

Error* Semaphore::release(Kernel& kernel) {
    // semaphore released too many times
    if (value == max_value) return kernel.raise(ErrorKind::value_error);

    const bool drops = kernel.version().release_drops_cancelled && !kernel.has(Bug::semaphore_keeps_cancelled_waiters);
    Waiter* next = nullptr;
    for (Waiter* waiter = waiters.first(); waiter != nullptr; waiter = next) {
        next = Waiters::next(*waiter);
        sim::Future& future = waiter->task->waiter;
        if (drops || !future.cancelled()) waiters.discard(*waiter);
        if (future.cancelled()) continue;
        assert(!future.done());  // one that was woken has left the queue
        kernel.set_result(future);
        return nullptr;
    }
    ++value;
    return nullptr;
}

void Semaphore::add_to(StateHash& hash) const {
    if (!hash.meet(this)) return;
    hash.add(fast_acquire ? 1 : 0);
    hash.add(static_cast<std::uint64_t>(value));
    hash.add(static_cast<std::uint64_t>(max_value));
    add_waiters(hash, waiters);
}

}  // namespace cancelsim::model
