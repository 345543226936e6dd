// What the objects of asyncio's own share.
#pragma once

#include "scenarios/objects/common.h"
#include "scenarios/run/objects.h"
#include "sim/asyncio/queues.h"

namespace cancelsim::scenarios {

/// A frame that awaits what `begin` begins, such as `lock.acquire()`, with `argument`.
template <class Of, class Argument = std::nullptr_t>
struct AsyncioAwait : sim::Frame {
    using Begin = sim::Poll (*)(sim::Loop& loop, sim::Task& task, Of& object, Argument argument);

    Of* object;
    Begin begin;
    Argument argument;
};

/// What such a frame is called.
template <class Of, class Argument>
inline constexpr std::string_view kAwaitName;
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Lock, std::nullptr_t> = "object asyncio.Lock";
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Semaphore, std::nullptr_t> = "object asyncio.Semaphore";
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Condition, std::nullptr_t> = "object asyncio.Condition";
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Queue, std::nullptr_t> = "object asyncio.Queue.join";
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Queue, sim::asyncio::Item> = "object asyncio.Queue.put";
template <>
inline constexpr std::string_view kAwaitName<sim::asyncio::Queue, sim::asyncio::Item*> = "object asyncio.Queue.get";

template <class Of, class Argument>
sim::Poll resume_await(sim::Loop& loop, sim::Task& task, sim::Frame& self, sim::Resume with) {
    auto& await = static_cast<AsyncioAwait<Of, Argument>&>(self);
    if (await.at != 0) return sim::Poll::ended(with.thrown);
    await.at = 1;
    task.waits_for = {sim::WaitKind::object};
    return await.begin(loop, task, *await.object, await.argument);
}
template <class Of, class Argument>
inline constexpr sim::FrameType kAwaitType{&resume_await<Of, Argument>, nullptr, kAwaitName<Of, Argument>};

/// A new one.
template <class Of, class Argument = std::nullptr_t>
sim::Frame& await_in(Interpreter& run, Of& object, typename AsyncioAwait<Of, Argument>::Begin begin,
                     Argument argument = {}) {
    auto& frame = *run.kernel().arena().template make<AsyncioAwait<Of, Argument>>();
    frame.object = &object;
    frame.begin = begin;
    frame.argument = argument;
    frame.type = &kAwaitType<Of, Argument>;
    return frame;
}

struct AsyncioLockObject : Object {
    sim::asyncio::Lock lock;
};

/// A waiter is a part of its task's frames, which have no number: a state with one is not known again.
inline void add_waiters(StateHash& hash, const sim::asyncio::Waiters& waiters) {
    hash.add(waiters.size());
    for (const auto* each = waiters.first(); each != nullptr; each = sim::asyncio::Waiters::next(*each))
        hash.refer(each);
}
inline void add_lock(StateHash& hash, const sim::asyncio::Lock& lock) {
    hash.add(lock.locked ? 1 : 0);
    add_waiters(hash, lock.waiters);
}

}  // namespace cancelsim::scenarios
