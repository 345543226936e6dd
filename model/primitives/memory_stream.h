// anyio's memory object streams.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/streams/memory.py.
#pragma once

#include <cstdint>

#include "model/cancel_scope.h"
#include "model/event.h"

namespace cancelsim::model {

class StateHash;

/// An item, told apart by its number.
using Item = std::uint32_t;

/// A first-in, first-out queue of items in the arena.
class ItemBuffer {
public:
    std::uint32_t size() const { return size_; }
    void push(Kernel& kernel, Item item);
    void push_front(Kernel& kernel, Item item);
    /// There must be one.
    Item pop();
    void add_to(StateHash& hash) const;

private:
    void grow(Kernel& kernel);

    Item* items_ = nullptr;  ///< a ring
    std::uint32_t capacity_ = 0;
    std::uint32_t first_ = 0;
    std::uint32_t size_ = 0;
};

/// An entry of `waiting_receivers`: an event, and the `_MemoryObjectItemReceiver` under it.
struct WaitingReceiver {
    Event event;
    Task* task = nullptr;
    bool has_item = false;
    Item item = 0;  ///< only where `has_item`
    SetLinks<WaitingReceiver> in_queue;
};

/// An entry of `waiting_senders`: an event, and the item under it.
struct WaitingSender {
    Event event;
    Item item = 0;
    SetLinks<WaitingSender> in_queue;
};

/// `_MemoryObjectStreamState`: what all ends of a stream share.
struct StreamState {
    std::int64_t max_buffer_size = 0;
    ItemBuffer buffer;
    std::uint32_t open_send_channels = 0;
    std::uint32_t open_receive_channels = 0;
    OrderedSet<WaitingReceiver, &WaitingReceiver::in_queue> waiting_receivers;
    OrderedSet<WaitingSender, &WaitingSender::in_queue> waiting_senders;

    /// Takes an item back that a receiver was given and cannot take.
    void put_back(Kernel& kernel, Item item);
    void add_to(StateHash& hash) const;
};

/// `MemoryObjectReceiveStream`
struct ReceiveStream {
    StreamState* state = nullptr;
    bool closed = false;

    /// The exception that it raises (ClosedResourceError, EndOfStream, WouldBlock); or null, and `item` is set. Also
    /// outside of any task.
    Error* receive_nowait(Kernel& kernel, Item& item);
    /// The frame of `receive`, to be called with `Loop::call`; where it returns, it has set `item`.
    sim::Frame& receive(Kernel& kernel, Item& item);
    /// Opens `clone`, a new object: ClosedResourceError, or null.
    Error* clone(Kernel& kernel, ReceiveStream& clone);
    void close(Kernel& kernel);
};

/// `MemoryObjectSendStream`
struct SendStream {
    StreamState* state = nullptr;
    bool closed = false;

    /// The exception that it raises (ClosedResourceError, BrokenResourceError, WouldBlock), or null. Also outside of
    /// any task.
    Error* send_nowait(Kernel& kernel, Item item);
    /// The frame of `send`, to be called with `Loop::call`.
    sim::Frame& send(Kernel& kernel, Item item);
    /// Opens `clone`, a new object: ClosedResourceError, or null.
    Error* clone(Kernel& kernel, SendStream& clone);
    void close(Kernel& kernel);
};

/// `create_memory_object_stream(max_buffer_size)`: opens both ends, which are new objects.
StreamState& create_memory_object_stream(Kernel& kernel, std::int64_t max_buffer_size, SendStream& send,
                                         ReceiveStream& receive);

/// `TaskInfo.has_pending_cancellation()` of `task`.
///
/// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class AsyncIOTaskInfo`.
bool has_pending_cancellation(Kernel& kernel, const Task& task);

}  // namespace cancelsim::model
