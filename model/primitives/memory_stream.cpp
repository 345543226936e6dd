#include "model/primitives/memory_stream.h"

#include <algorithm>
#include <cassert>

#include "model/primitives/frame.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

struct Receive : sim::Frame {
    static constexpr std::string_view kName = "anyio.MemoryObjectReceiveStream.receive";

    ReceiveStream* stream;
    Item* item;
    WaitingReceiver receiver;

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const {
        stream->state->add_to(hash);
        hash.add((stream->closed ? 1U : 0U) | (receiver.has_item ? 2U : 0U));
        hash.add(receiver.item);
        hash.add_event(receiver.event);
    }

private:
    enum : std::uint32_t { fresh, in_checkpoint, waiting };

    Poll try_at_once(Kernel& kernel, Task& task);
    Poll waited(Kernel& kernel, Task& task, Error* thrown);
};

Poll Receive::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh:
            task.waits_for = {sim::WaitKind::yield};
            at = in_checkpoint;
            return Poll::yielded();
        case in_checkpoint: return with.thrown != nullptr ? Poll::raised(*with.thrown) : try_at_once(kernel, task);
        default: return waited(kernel, task, with.thrown);
    }
}

Poll Receive::try_at_once(Kernel& kernel, Task& task) {
    Error* error = stream->receive_nowait(kernel, *item);
    if (error == nullptr || error->kind != ErrorKind::would_block) return Poll::ended(error);
    handled = error;
    // Add ourselves in the queue
    receiver.task = &task;
    stream->state->waiting_receivers.add(receiver);
    task.waits_for = {sim::WaitKind::object};
    at = waiting;
    return event_wait(kernel, receiver.event, task);
}

Poll Receive::waited(Kernel& kernel, Task& task, Error* thrown) {
    event_wait_ends(receiver.event, task);
    stream->state->waiting_receivers.discard(receiver);
    if (thrown != nullptr) {
        if (receiver.has_item && kernel.has(Fix::cancelled_receiver_passes_item_on))
            stream->state->put_back(kernel, receiver.item);
        return Poll::raised(*thrown);
    }
    if (!receiver.has_item || (receiver.item == 1 && kernel.has(Bug::false_item_ends_stream)))
        return Poll::raised(*kernel.raise(ErrorKind::end_of_stream));
    *item = receiver.item;
    return Poll::returned();
}

struct Send : sim::Frame {
    static constexpr std::string_view kName = "anyio.MemoryObjectSendStream.send";

    SendStream* stream;
    WaitingSender sender;

    Poll run(Kernel& kernel, Task& task, Resume with);
    void add_to(StateHash& hash) const {
        stream->state->add_to(hash);
        hash.add(stream->closed ? 1U : 0U);
        hash.add(sender.item);
        hash.add_event(sender.event);
    }

private:
    enum : std::uint32_t { fresh, in_checkpoint, waiting };

    Poll try_at_once(Kernel& kernel, Task& task);
    Poll waited(Kernel& kernel, Task& task, Error* thrown);
};

Poll Send::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case fresh:
            task.waits_for = {sim::WaitKind::yield};
            at = in_checkpoint;
            return Poll::yielded();
        case in_checkpoint: return with.thrown != nullptr ? Poll::raised(*with.thrown) : try_at_once(kernel, task);
        default: return waited(kernel, task, with.thrown);
    }
}

Poll Send::try_at_once(Kernel& kernel, Task& task) {
    Error* error = stream->send_nowait(kernel, sender.item);
    if (error == nullptr || error->kind != ErrorKind::would_block) return Poll::ended(error);
    handled = error;
    // Wait until there's someone on the receiving end
    stream->state->waiting_senders.add(sender);
    task.waits_for = {sim::WaitKind::object};
    at = waiting;
    return event_wait(kernel, sender.event, task);
}

Poll Send::waited(Kernel& kernel, Task& task, Error* thrown) {
    event_wait_ends(sender.event, task);
    const bool still_queued = stream->state->waiting_senders.contains(sender);
    stream->state->waiting_senders.discard(sender);
    if (thrown != nullptr) return Poll::raised(*thrown);
    if (still_queued) return Poll::raised(*kernel.raise(ErrorKind::broken_resource));
    return Poll::returned();
}

}  // namespace

void ItemBuffer::push(Kernel& kernel, Item item) {
    if (size_ == capacity_) grow(kernel);
    items_[(first_ + size_++) % capacity_] = item;
}

void ItemBuffer::push_front(Kernel& kernel, Item item) {
    if (size_ == capacity_) grow(kernel);
    first_ = (first_ + capacity_ - 1) % capacity_;
    items_[first_] = item;
    ++size_;
}

Item ItemBuffer::pop() {
    assert(size_ > 0);
    const Item item = items_[first_];
    first_ = (first_ + 1) % capacity_;
    --size_;
    return item;
}

void ItemBuffer::grow(Kernel& kernel) {
    const std::uint32_t capacity = std::max(4U, 2 * capacity_);
    Item* items = kernel.arena().make_array<Item>(capacity);
    for (std::uint32_t i = 0; i < size_; ++i) items[i] = items_[(first_ + i) % capacity_];
    items_ = items;
    capacity_ = capacity;
    first_ = 0;
}

void ItemBuffer::add_to(StateHash& hash) const {
    hash.add(size_);
    for (std::uint32_t i = 0; i < size_; ++i) hash.add(items_[(first_ + i) % capacity_]);
}

/// The fix of #146: to the receiver that has waited longest, or else to the front of the buffer, whatever its size.
void StreamState::put_back(Kernel& kernel, Item item) {
    while (WaitingReceiver* receiver = waiting_receivers.first()) {
        waiting_receivers.discard(*receiver);
        if (has_pending_cancellation(kernel, *receiver->task)) continue;
        receiver->has_item = true;
        receiver->item = item;
        receiver->event.set(kernel);
        return;
    }
    buffer.push_front(kernel, item);
}

void StreamState::add_to(StateHash& hash) const {
    if (!hash.meet(this)) return;
    hash.add(static_cast<std::uint64_t>(max_buffer_size));
    buffer.add_to(hash);
    hash.add(open_send_channels | static_cast<std::uint64_t>(open_receive_channels) << 32);
    hash.add(waiting_receivers.size());
    for (const WaitingReceiver* receiver = waiting_receivers.first(); receiver != nullptr;
         receiver = decltype(waiting_receivers)::next(*receiver))
        hash.refer(receiver->task);
    hash.add(waiting_senders.size());
    for (const WaitingSender* sender = waiting_senders.first(); sender != nullptr;
         sender = decltype(waiting_senders)::next(*sender)) {
        hash.add_event(sender->event);
        hash.add(sender->item);
    }
}

Error* ReceiveStream::receive_nowait(Kernel& kernel, Item& item) {
    if (closed) return kernel.raise(ErrorKind::closed_resource);
    if (WaitingSender* sender = state->waiting_senders.first()) {
        // Get the item from the next sender
        state->waiting_senders.discard(*sender);
        state->buffer.push(kernel, sender->item);
        sender->event.set(kernel);
    }
    if (state->buffer.size() > 0) {
        item = state->buffer.pop();
        return nullptr;
    }
    return kernel.raise(state->open_send_channels == 0 ? ErrorKind::end_of_stream : ErrorKind::would_block);
}

sim::Frame& ReceiveStream::receive(Kernel& kernel, Item& item) {
    auto& frame = new_frame<Receive>(kernel);
    frame.stream = this;
    frame.item = &item;
    return frame;
}

Error* ReceiveStream::clone(Kernel& kernel, ReceiveStream& clone) {
    if (closed) return kernel.raise(ErrorKind::closed_resource);
    clone = {.state = state};
    ++state->open_receive_channels;
    return nullptr;
}

void ReceiveStream::close(Kernel& kernel) {
    if (closed) return;
    closed = true;
    if (--state->open_receive_channels > 0) return;
    for (WaitingSender* sender = state->waiting_senders.first(); sender != nullptr;
         sender = decltype(state->waiting_senders)::next(*sender))
        sender->event.set(kernel);
}

namespace {

/// `has_pending_cancellation()` of a waiting receiver, as a switch has it.
bool is_about_to_be_cancelled(Kernel& kernel, const Task& task) {
    if (kernel.has(Bug::asks_receiver_for_cancelling)) [[unlikely]]
        return task.num_cancels_requested > 0;
    if (kernel.has(Bug::looks_through_shields_of_receiver)) [[unlikely]] {
        for (const CancelScope* scope = task.has_state ? task.cancel_scope : nullptr; scope != nullptr;
             scope = scope->parent_scope)
            if (scope->cancel_called) return true;
    }
    return has_pending_cancellation(kernel, task);
}

}  // namespace

Error* SendStream::send_nowait(Kernel& kernel, Item item) {
    if (closed) return kernel.raise(ErrorKind::closed_resource);
    if (state->open_receive_channels == 0) return kernel.raise(ErrorKind::broken_resource);
    while (WaitingReceiver* receiver = state->waiting_receivers.first()) {
        state->waiting_receivers.discard(*receiver);
        if (!kernel.has(Bug::hands_item_to_cancelled_receiver) && is_about_to_be_cancelled(kernel, *receiver->task))
            continue;
        receiver->has_item = true;
        receiver->item = item;
        receiver->event.set(kernel);
        return nullptr;
    }
    if (state->buffer.size() >= state->max_buffer_size) return kernel.raise(ErrorKind::would_block);
    state->buffer.push(kernel, item);
    return nullptr;
}

sim::Frame& SendStream::send(Kernel& kernel, Item item) {
    auto& frame = new_frame<Send>(kernel);
    frame.stream = this;
    frame.sender.item = item;
    return frame;
}

Error* SendStream::clone(Kernel& kernel, SendStream& clone) {
    if (closed) return kernel.raise(ErrorKind::closed_resource);
    clone = {.state = state};
    ++state->open_send_channels;
    return nullptr;
}

void SendStream::close(Kernel& kernel) {
    if (closed) return;
    closed = true;
    if (--state->open_send_channels > 0) return;
    while (WaitingReceiver* receiver = state->waiting_receivers.first()) {
        state->waiting_receivers.discard(*receiver);
        receiver->event.set(kernel);
        if (kernel.has(Bug::last_close_wakes_one_receiver)) break;
    }
}

StreamState& create_memory_object_stream(Kernel& kernel, std::int64_t max_buffer_size, SendStream& send,
                                         ReceiveStream& receive) {
    StreamState& state = *kernel.arena().make<StreamState>();
    state.max_buffer_size = max_buffer_size;
    state.open_send_channels = state.open_receive_channels = 1;
    send.state = receive.state = &state;
    return state;
}

bool has_pending_cancellation(Kernel& kernel, const Task& task) {
    if (task.must_cancel || (task.fut_waiter != nullptr && task.fut_waiter->cancelled())) return true;
    return task.has_state && task.cancel_scope != nullptr && task.cancel_scope->effectively_cancelled(kernel);
}

}  // namespace cancelsim::model
