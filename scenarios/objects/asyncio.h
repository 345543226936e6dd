// What the objects of asyncio's own share.
#pragma once

#include "scenarios/objects/common.h"
#include "scenarios/run/objects.h"
#include "sim/asyncio/locks.h"

namespace cancelsim::scenarios {

/// A frame that awaits what `begin` begins, such as `lock.acquire()`, with `argument`.
template <class Of, class Argument = std::nullptr_t>
struct AsyncioAwait : sim::Frame {
    using Begin = sim::Poll (*)(sim::Loop& loop, sim::Task& task, Of& object, Argument argument);

    Of* object;
    Begin begin;
    Argument argument;
};

/// A new one.
template <class Of, class Argument = std::nullptr_t>
sim::Frame& await_in(Interpreter& run, Of& object, typename AsyncioAwait<Of, Argument>::Begin begin,
                     Argument argument = {}) {
    using Await = AsyncioAwait<Of, Argument>;
    auto& frame = *run.arena().template make<Await>();
    frame.object = &object;
    frame.begin = begin;
    frame.argument = argument;
    frame.resume = [](sim::Loop& loop, sim::Task& task, sim::Frame& self, sim::Resume with) {
        auto& await = static_cast<Await&>(self);
        if (await.at != 0) return sim::Poll::ended(with.thrown);
        await.at = 1;
        task.waits_for = {sim::WaitKind::object};
        return await.begin(loop, task, *await.object, await.argument);
    };
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
