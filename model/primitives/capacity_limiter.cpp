#include "model/primitives/capacity_limiter.h"

#include <algorithm>

#include "model/checkpoints.h"
#include "model/primitives/frame.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

/// Whether whoever wakes a waiter takes the token for it.
bool hands_over(const Kernel& kernel) {
    return kernel.version().limiter_hands_over && !kernel.has(Bug::takes_token_on_resuming);
}

struct LimiterAcquire : sim::Frame {
    static constexpr std::string_view kName = "anyio.CapacityLimiter.acquire";

    CapacityLimiter* limiter;
    Borrower borrower;
    LimiterEntry entry;
    Event event;

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const {
        limiter->add_to(hash);
        hash.add(borrower.number);
        hash.add_event(event);
    }

private:
    enum : std::uint32_t { fresh, in_checkpoint, in_shielded_checkpoint, waiting };

    Poll begin(Kernel& kernel, Task& task);
    Poll enqueue(Kernel& kernel, Task& task);
    Poll waited(Kernel& kernel, Task& task, Error* thrown);
};

Poll LimiterAcquire::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh:
            if (!checkpoint_if_cancelled_yields(kernel, task)) return begin(kernel, task);
            task.waits_for = {sim::WaitKind::poll};
            at = in_checkpoint;
            return Poll::yielded();
        case in_checkpoint:
            // It loops on sleep(0) until an exception arrives.
            return with.thrown != nullptr ? Poll::raised(*with.thrown) : Poll::yielded();
        case in_shielded_checkpoint:
            if (with.thrown == nullptr) return Poll::returned();
            handled = with.thrown;
            // Of the current task, whoever the borrower is.
            if (Error* error = limiter->release(kernel)) return Poll::raised(*error);
            return Poll::raised(*with.thrown);
        default: return waited(kernel, task, with.thrown);
    }
}

Poll LimiterAcquire::begin(Kernel& kernel, Task& task) {
    if (Error* error = limiter->acquire_on_behalf_of_nowait(kernel, borrower)) {
        if (error->kind != ErrorKind::would_block) return Poll::raised(*error);
        handled = error;
        return enqueue(kernel, task);
    }
    task.waits_for = {sim::WaitKind::shielded_checkpoint};
    at = in_shielded_checkpoint;
    return kernel.call(task, cancel_shielded_checkpoint(kernel));
}

/// self._wait_queue[borrower] = event; await event.wait()
Poll LimiterAcquire::enqueue(Kernel& kernel, Task& task) {
    CapacityLimiter::Slot& slot = limiter->slot_of(kernel, borrower);
    if (slot.entry == nullptr) {
        entry.borrower = borrower;
        limiter->wait_queue.add(entry);
        slot.entry = &entry;
    }
    // Of two that wait on behalf of one borrower the later takes the place of the earlier, whom nobody wakes any more.
    slot.entry->event = &event;
    task.waits_for = {sim::WaitKind::object};
    at = waiting;
    return event_wait(kernel, event, task);
}

Poll LimiterAcquire::waited(Kernel& kernel, Task& task, Error* thrown) {
    event_wait_ends(event, task);
    const bool handed_over = hands_over(kernel);
    if (thrown == nullptr) {
        if (!handed_over) limiter->add_borrower(kernel, borrower);
        return Poll::returned();
    }
    handled = thrown;
    limiter->leave_queue(kernel, borrower);
    if (event.is_set) {
        if (handed_over && !kernel.has(Bug::cancelled_borrower_keeps_token))
            limiter->discard_borrower(kernel, borrower);
        if (!kernel.has(Bug::cancelled_borrower_wakes_nobody)) limiter->notify_next_waiter(kernel);
    }
    return Poll::raised(*thrown);
}

}  // namespace

CapacityLimiter::Slot& CapacityLimiter::slot_of(Kernel& kernel, Borrower borrower) {
    if (borrower.number >= slot_count_) {
        const std::uint32_t count = std::max(borrower.number + 1, 2 * slot_count_);
        Slot* slots = kernel.arena().make_array<Slot>(count);
        std::copy_n(slots_, slot_count_, slots);
        slots_ = slots;
        slot_count_ = count;
    }
    return slots_[borrower.number];
}

void CapacityLimiter::add_borrower(Kernel& kernel, Borrower borrower) {
    Slot& slot = slot_of(kernel, borrower);
    if (!slot.borrows) ++borrowed_tokens;
    slot.borrows = true;
}

void CapacityLimiter::discard_borrower(Kernel& kernel, Borrower borrower) {
    Slot& slot = slot_of(kernel, borrower);
    if (slot.borrows) --borrowed_tokens;
    slot.borrows = false;
}

void CapacityLimiter::leave_queue(Kernel& kernel, Borrower borrower) {
    Slot& slot = slot_of(kernel, borrower);
    if (slot.entry == nullptr) return;
    wait_queue.discard(*slot.entry);
    slot.entry = nullptr;
}

/// Takes the first out of the queue and sets its event.
void CapacityLimiter::wake_first(Kernel& kernel) {
    LimiterEntry& first = kernel.has(Bug::limiter_serves_last_first) ? *wait_queue.last() : *wait_queue.first();
    leave_queue(kernel, first.borrower);
    if (hands_over(kernel)) add_borrower(kernel, first.borrower);
    first.event->set(kernel);
}

void CapacityLimiter::notify_next_waiter(Kernel& kernel) {
    if (!wait_queue.empty() && borrowed_tokens < total_tokens) wake_first(kernel);
}

void CapacityLimiter::set_total_tokens(Kernel& kernel, std::int64_t value) {
    std::int64_t waiters_to_notify = std::max(value - total_tokens, std::int64_t{0});
    total_tokens = value;
    if (kernel.has(Bug::raised_total_keeps_waiters_queued)) {
        // Those that are woken stay in the queue, to be woken once more.
        LimiterEntry* entry = wait_queue.first();
        for (; entry != nullptr && waiters_to_notify > 0;
             --waiters_to_notify, entry = decltype(wait_queue)::next(*entry)) {
            if (hands_over(kernel)) add_borrower(kernel, entry->borrower);
            entry->event->set(kernel);
        }
        return;
    }
    if (kernel.version().limiter_wakes_by_room && !kernel.has(Bug::raised_total_wakes_too_many)) {
        while (!wait_queue.empty() && borrowed_tokens < total_tokens) wake_first(kernel);
        return;
    }
    for (; !wait_queue.empty() && waiters_to_notify > 0; --waiters_to_notify) wake_first(kernel);
}

sim::Frame& CapacityLimiter::acquire_on_behalf_of(Kernel& kernel, Borrower borrower) {
    auto& frame = new_frame<LimiterAcquire>(kernel);
    frame.limiter = this;
    frame.borrower = borrower;
    return frame;
}

sim::Frame& CapacityLimiter::acquire(Kernel& kernel) {
    return acquire_on_behalf_of(kernel, Borrower::of(*kernel.current_task()));
}

Error* CapacityLimiter::acquire_on_behalf_of_nowait(Kernel& kernel, Borrower borrower) {
    // this borrower is already holding one of this CapacityLimiter's tokens
    if (slot_of(kernel, borrower).borrows) return kernel.raise(ErrorKind::runtime_error);
    if (!wait_queue.empty() || borrowed_tokens >= total_tokens) return kernel.raise(ErrorKind::would_block);
    add_borrower(kernel, borrower);
    return nullptr;
}

Error* CapacityLimiter::acquire_nowait(Kernel& kernel) {
    return acquire_on_behalf_of_nowait(kernel, Borrower::of(*kernel.current_task()));
}

Error* CapacityLimiter::release_on_behalf_of(Kernel& kernel, Borrower borrower) {
    // this borrower isn't holding any of this CapacityLimiter's tokens
    if (!slot_of(kernel, borrower).borrows) return kernel.raise(ErrorKind::runtime_error);
    discard_borrower(kernel, borrower);
    notify_next_waiter(kernel);
    return nullptr;
}

Error* CapacityLimiter::release(Kernel& kernel) {
    return release_on_behalf_of(kernel, Borrower::of(*kernel.current_task()));
}

void CapacityLimiter::add_to(StateHash& hash) const {
    if (!hash.meet(this)) return;
    hash.add(static_cast<std::uint64_t>(total_tokens));
    hash.add(static_cast<std::uint64_t>(borrowed_tokens));
    for (std::uint32_t number = 0; number < slot_count_; ++number)
        if (slots_[number].borrows) hash.add(number);
    hash.add(wait_queue.size());
    for (const LimiterEntry* entry = wait_queue.first(); entry != nullptr; entry = decltype(wait_queue)::next(*entry)) {
        hash.add(entry->borrower.number);
        hash.add_event(*entry->event);
    }
}

}  // namespace cancelsim::model
