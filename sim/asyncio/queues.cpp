#include "sim/asyncio/queues.h"

#include <algorithm>

namespace cancelsim::sim::asyncio {

namespace {

struct PutOrGet : Frame {
    Queue* queue;
    Waiter waiter;
    Item item;    ///< of `put`
    Item* taken;  ///< of `get`: where the item goes

    Poll wait_in(Waiters& waiters) {
        waiter = {};
        waiters.add(waiter);
        return Poll::awaiting(waiter.future);
    }
};

PutOrGet& new_frame(Loop& loop, Queue& queue, const FrameType& type) {
    auto& frame = *loop.arena().make<PutOrGet>();
    frame.queue = &queue;
    frame.type = &type;
    return frame;
}

}  // namespace

Poll Queue::put(Loop& loop, Task& task, Item item) {
    if (!full()) return Poll::ended(put_nowait(loop, item));
    static constexpr FrameType kPut{&resume_put, nullptr, "asyncio.Queue.put"};
    PutOrGet& frame = new_frame(loop, *this, kPut);
    frame.item = item;
    return loop.call(task, frame);
}

Poll Queue::resume_put(Loop& loop, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<PutOrGet&>(base);
    Queue& queue = *frame.queue;
    if (with.thrown != nullptr) {
        queue.take_place_back(loop, queue.putters, frame.waiter, !queue.full());
        return Poll::raised(*with.thrown);
    }
    if (queue.full()) return frame.wait_in(queue.putters);
    return Poll::ended(queue.put_nowait(loop, frame.item));
}

Error* Queue::put_nowait(Loop& loop, Item item) {
    if (full()) return loop.raise(ErrorKind::queue_full);
    if (size_ == capacity_) {
        const std::uint32_t capacity = std::max(8U, 2 * capacity_);
        Item* larger = loop.arena().make_array<Item>(capacity);
        for (std::uint32_t i = 0; i < size_; ++i) larger[i] = items_[(first_ + i) % capacity_];
        items_ = larger;
        capacity_ = capacity;
        first_ = 0;
    }
    items_[(first_ + size_++) % capacity_] = item;
    ++unfinished_tasks;
    finished.clear();
    wakeup_next(loop, getters);
    return nullptr;
}

Poll Queue::get(Loop& loop, Task& task, Item& item) {
    if (!empty()) return Poll::ended(get_nowait(loop, item));
    static constexpr FrameType kGet{&resume_get, nullptr, "asyncio.Queue.get"};
    PutOrGet& frame = new_frame(loop, *this, kGet);
    frame.taken = &item;
    return loop.call(task, frame);
}

Poll Queue::resume_get(Loop& loop, Task&, Frame& base, Resume with) {
    auto& frame = static_cast<PutOrGet&>(base);
    Queue& queue = *frame.queue;
    if (with.thrown != nullptr) {
        queue.take_place_back(loop, queue.getters, frame.waiter, !queue.empty());
        return Poll::raised(*with.thrown);
    }
    if (queue.empty()) return frame.wait_in(queue.getters);
    return Poll::ended(queue.get_nowait(loop, *frame.taken));
}

Error* Queue::get_nowait(Loop& loop, Item& item) {
    if (empty()) return loop.raise(ErrorKind::queue_empty);
    item = items_[first_];
    first_ = (first_ + 1) % capacity_;
    --size_;
    wakeup_next(loop, putters);
    return nullptr;
}

/// Wake up the next waiter (if any) that isn't cancelled.
void Queue::wakeup_next(Loop& loop, Waiters& waiters) {
    while (Waiter* waiter = waiters.first()) {
        waiters.discard(*waiter);
        if (waiter->future.done()) continue;
        loop.set_result(waiter->future);
        break;
    }
}

/// The `except:` of `put` and `get`.
void Queue::take_place_back(Loop& loop, Waiters& waiters, Waiter& waiter, bool could_go_on) {
    waiters.discard(waiter);
    // We were woken up, but can't take the call.  Wake up the next in line.
    if (could_go_on && !waiter.future.cancelled()) wakeup_next(loop, waiters);
}

Error* Queue::task_done(Loop& loop) {
    if (unfinished_tasks == 0) return loop.raise(ErrorKind::value_error);  // called too many times
    if (--unfinished_tasks == 0) finished.set(loop);
    return nullptr;
}

}  // namespace cancelsim::sim::asyncio
