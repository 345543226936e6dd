#include "sim/asyncio/locks.h"

#include <cassert>

namespace cancelsim::sim::asyncio {

namespace {

/// A frame that waits in the queue of a primitive, of which it goes before anything else is done.
template <class Primitive>
struct Waiting : Frame {
    Primitive* primitive;
    Waiter waiter;
};

template <class Primitive>
Waiting<Primitive>& wait_in_queue(Loop& loop, Primitive& primitive, const FrameType& type) {
    auto& frame = *loop.arena().make<Waiting<Primitive>>();
    frame.primitive = &primitive;
    frame.type = &type;
    primitive.waiters.add(frame.waiter);
    return frame;
}

/// Whether each of `waiters` is cancelled.
bool all_cancelled(const Waiters& waiters) {
    for (const Waiter* each = waiters.first(); each != nullptr; each = Waiters::next(*each))
        if (!each->future.cancelled()) return false;
    return true;
}

Poll resume_lock_acquire(Loop& loop, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<Waiting<Lock>&>(base);
    Lock& lock = *frame.primitive;
    if (frame.at == 0) {
        frame.at = 1;
        return Poll::awaiting(frame.waiter.future);
    }
    lock.waiters.discard(frame.waiter);
    if (with.thrown != nullptr) {
        if (!lock.locked) lock.wake_up_first(loop);
        return Poll::raised(*with.thrown);
    }
    lock.locked = true;
    return Poll::returned();
}

Poll resume_event_wait(Loop&, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<Waiting<Event>&>(base);
    if (frame.at == 0) {
        frame.at = 1;
        return Poll::awaiting(frame.waiter.future);
    }
    frame.primitive->waiters.discard(frame.waiter);
    return Poll::ended(with.thrown);
}

Poll resume_semaphore_acquire(Loop& loop, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<Waiting<Semaphore>&>(base);
    Semaphore& semaphore = *frame.primitive;
    if (frame.at == 0) {
        frame.at = 1;
        return Poll::awaiting(frame.waiter.future);
    }
    semaphore.waiters.discard(frame.waiter);
    // Our future was set by `_wake_up_next()`, but we are not about to acquire.
    const bool gives_back = with.thrown != nullptr && !frame.waiter.future.cancelled();
    if (gives_back && !loop.python().semaphore_keeps_permit) ++semaphore.value;
    if (loop.python().semaphore_wakes_while_free) {
        // New waiters may have arrived but had to wait due to FIFO. Wake up as many as are allowed.
        while (semaphore.value > 0 && semaphore.wake_up_next(loop)) {
        }
    } else if (gives_back || (with.thrown == nullptr && semaphore.value > 0)) {
        semaphore.wake_up_next(loop);
    }
    return Poll::ended(with.thrown);
}

struct ConditionWait : Frame {
    Condition* condition;
    Waiter waiter;
    Error* interrupted;  ///< what ended the wait, which `finally` handles, or null
    Error* cancelled;    ///< the last CancelledError that came while the lock was taken back, or null

    enum : std::uint32_t { entered, waiting, acquiring };

    Poll run(Loop& loop, Task& task, Resume with);
    Poll acquired(Loop& loop);
};

Poll ConditionWait::run(Loop& loop, Task& task, Resume with) {
    switch (at) {
        case entered: at = waiting; return Poll::awaiting(waiter.future);
        case waiting:
            condition->waiters.discard(waiter);
            interrupted = handled = with.thrown;
            break;
        default:
            if (with.thrown == nullptr) return acquired(loop);
            cancelled = with.thrown;
            break;
    }
    // Must reacquire lock even if wait is cancelled
    at = acquiring;
    const Poll poll = condition->lock->acquire(loop, task);
    return poll.kind == Poll::Kind::returned ? acquired(loop) : poll;
}

Poll ConditionWait::acquired(Loop& loop) {
    Error* error = interrupted;
    if (cancelled != nullptr)
        error = loop.python().condition_reraises ? loop.raise(cancelled) : loop.raise(ErrorKind::cancelled);
    if (error != nullptr && loop.python().condition_passes_notification_on) condition->wake(loop, 1);
    return Poll::ended(error);
}

constexpr FrameType kLockAcquire{&resume_lock_acquire, nullptr, "asyncio.Lock.acquire"};
constexpr FrameType kEventWait{&resume_event_wait, nullptr, "asyncio.Event.wait"};
constexpr FrameType kSemaphoreAcquire{&resume_semaphore_acquire, nullptr, "asyncio.Semaphore.acquire"};
constexpr FrameType kConditionWait{[](Loop& running, Task& waiting, Frame& self, Resume with) {
                                       return static_cast<ConditionWait&>(self).run(running, waiting, with);
                                   },
                                   nullptr, "asyncio.Condition.wait"};

}  // namespace

Poll Lock::acquire(Loop& loop, Task& task) {
    if (!locked && all_cancelled(waiters)) {
        locked = true;
        return Poll::returned();
    }
    return loop.call(task, wait_in_queue(loop, *this, kLockAcquire));
}

Error* Lock::release(Loop& loop) {
    if (!locked) return loop.raise(ErrorKind::runtime_error);  // Lock is not acquired.
    locked = false;
    wake_up_first(loop);
    return nullptr;
}

void Lock::wake_up_first(Loop& loop) {
    // .done() necessarily means that a waiter will wake up later on and either take the lock, or, if it was cancelled
    // and lock wasn't taken already, will hit this again and wake up a new waiter.
    Waiter* first = waiters.first();
    if (first != nullptr && !first->future.done()) loop.set_result(first->future);
}

void Event::set(Loop& loop) {
    if (value) return;
    value = true;
    for (Waiter* each = waiters.first(); each != nullptr; each = Waiters::next(*each))
        if (!each->future.done()) loop.set_result(each->future);
}

Poll Event::wait(Loop& loop, Task& task) {
    if (value) return Poll::returned();
    return loop.call(task, wait_in_queue(loop, *this, kEventWait));
}

bool Semaphore::locked() const { return value == 0 || !all_cancelled(waiters); }

Poll Semaphore::acquire(Loop& loop, Task& task) {
    if (!locked()) {
        --value;
        return Poll::returned();
    }
    return loop.call(task, wait_in_queue(loop, *this, kSemaphoreAcquire));
}

bool Semaphore::wake_up_next(Loop& loop) {
    for (Waiter* each = waiters.first(); each != nullptr; each = Waiters::next(*each)) {
        if (each->future.done()) continue;
        assert(value > 0);
        --value;
        loop.set_result(each->future);
        return true;
    }
    return false;
}

Poll Condition::wait(Loop& loop, Task& task) {
    if (!lock->locked) return Poll::raised(*loop.raise(ErrorKind::runtime_error));  // cannot wait on un-acquired lock
    lock->release(loop);
    auto& frame = *loop.arena().make<ConditionWait>();
    frame.condition = this;
    frame.type = &kConditionWait;
    waiters.add(frame.waiter);
    return loop.call(task, frame);
}

Error* Condition::notify(Loop& loop, std::uint32_t n) {
    if (!lock->locked) return loop.raise(ErrorKind::runtime_error);  // cannot notify on un-acquired lock
    wake(loop, n);
    return nullptr;
}

void Condition::wake(Loop& loop, std::uint32_t n) {
    for (Waiter* each = waiters.first(); each != nullptr && n > 0; each = Waiters::next(*each)) {
        if (each->future.done()) continue;
        --n;
        loop.set_result(each->future);
    }
}

}  // namespace cancelsim::sim::asyncio
