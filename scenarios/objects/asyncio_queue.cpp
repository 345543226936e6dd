// asyncio.Queue as an object of a case.
#include <array>

#include "scenarios/objects/asyncio.h"
#include "sim/asyncio/queues.h"

namespace cancelsim::scenarios {

namespace {

using sim::asyncio::Item;

constexpr std::array kProperties{Property{.key = "buffer", .slot = PropertySlot::amount, .required = true}};

struct AsyncioQueueObject : Object {
    sim::asyncio::Queue queue;
};

sim::asyncio::Queue& queue_of(Object& object) { return static_cast<AsyncioQueueObject&>(object).queue; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<AsyncioQueueObject>();
    object.queue.maxsize = static_cast<std::uint64_t>(spec.amount);
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const sim::asyncio::Queue& queue = static_cast<const AsyncioQueueObject&>(object).queue;
    return fmt::format(R"({{"buffered":{},"unfinished":{},"getting":{},"putting":{}}})", queue.qsize(),
                       queue.unfinished_tasks, queue.getters.size(), queue.putters.size());
}

AtRest at_rest(const Object& object) { return {static_cast<const AsyncioQueueObject&>(object).queue.qsize()}; }

void hash(StateHash& hash, const Object& object) {
    const sim::asyncio::Queue& queue = static_cast<const AsyncioQueueObject&>(object).queue;
    hash.add(queue.qsize());
    for (std::uint32_t i = 0; i < queue.qsize(); ++i) hash.add(queue.item(i));
    hash.add(queue.unfinished_tasks);
    add_waiters(hash, queue.getters);
    add_waiters(hash, queue.putters);
    add_waiters(hash, queue.finished.waiters);
}

sim::Frame& put(Interpreter& run, Object& object, Item item) {
    return await_in<sim::asyncio::Queue, Item>(
        run, queue_of(object),
        [](sim::Loop& loop, sim::Task& task, sim::asyncio::Queue& queue, Item offered) {
            return queue.put(loop, task, offered);
        },
        item);
}
Error* put_nowait(Interpreter& run, Object& object, Item item) {
    return queue_of(object).put_nowait(run.kernel(), item);
}

sim::Frame& get(Interpreter& run, Object& object, Item& item) {
    return await_in<sim::asyncio::Queue, Item*>(
        run, queue_of(object),
        [](sim::Loop& loop, sim::Task& task, sim::asyncio::Queue& queue, Item* taken) {
            return queue.get(loop, task, *taken);
        },
        &item);
}
Error* get_nowait(Interpreter& run, Object& object, Item& item) {
    return queue_of(object).get_nowait(run.kernel(), item);
}

Error* task_done(Interpreter& run, Object& object) { return queue_of(object).task_done(run.kernel()); }
sim::Frame& join(Interpreter& run, Object& object) {
    return await_in<sim::asyncio::Queue>(
        run, queue_of(object), [](sim::Loop& loop, sim::Task& task, sim::asyncio::Queue& queue, std::nullptr_t) {
            return queue.join(loop, task);
        });
}

constexpr Queue kQueue{
    .put = put, .put_nowait = put_nowait, .get = get, .get_nowait = get_nowait, .task_done = task_done, .join = join};

}  // namespace

constexpr ObjectType objects::asyncio_queue{
    .name = "asyncio_queue",
    .properties = std::span<const Property>(kProperties),
    .make = make,
    .state = state,
    .at_rest = at_rest,
    .hash = hash,
    .lockable = nullptr,
    .notifiable = nullptr,
    .queue = &kQueue,
};

}  // namespace cancelsim::scenarios
