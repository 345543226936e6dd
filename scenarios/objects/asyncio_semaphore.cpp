// asyncio.Semaphore as an object of a case.
#include <array>

#include "scenarios/objects/asyncio.h"

namespace cancelsim::scenarios {

namespace {

using sim::asyncio::Semaphore;

constexpr std::array kProperties{Property{.key = "value", .slot = PropertySlot::amount, .required = true}};

struct AsyncioSemaphoreObject : Object {
    Semaphore semaphore;
};

Semaphore& semaphore_of(Object& object) { return static_cast<AsyncioSemaphoreObject&>(object).semaphore; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<AsyncioSemaphoreObject>();
    object.semaphore.value = static_cast<std::uint64_t>(spec.amount);
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const Semaphore& semaphore = static_cast<const AsyncioSemaphoreObject&>(object).semaphore;
    return fmt::format(R"({{"value":{},"waiting":{}}})", semaphore.value, semaphore.waiters.size());
}

AtRest at_rest(const Object& object) {
    return {static_cast<std::int64_t>(static_cast<const AsyncioSemaphoreObject&>(object).semaphore.value)};
}

void hash(StateHash& hash, const Object& object) {
    const Semaphore& semaphore = static_cast<const AsyncioSemaphoreObject&>(object).semaphore;
    hash.add(semaphore.value);
    add_waiters(hash, semaphore.waiters);
}

sim::Frame& acquire(Interpreter& run, Object& object) {
    return await_in<Semaphore>(run, semaphore_of(object),
                               [](sim::Loop& loop, sim::Task& task, Semaphore& semaphore, std::nullptr_t) {
                                   return semaphore.acquire(loop, task);
                               });
}
Error* release(Interpreter& run, Object& object) {
    semaphore_of(object).release(run.kernel());
    return nullptr;
}

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = nullptr, .release = release, .released_outside = true};

}  // namespace

constexpr ObjectType objects::asyncio_semaphore{
    .name = "asyncio_semaphore",
    .properties = std::span<const Property>(kProperties),
    .make = make,
    .state = state,
    .at_rest = at_rest,
    .hash = hash,
    .lockable = &kLockable,
    .notifiable = nullptr,
    .queue = nullptr,
};

}  // namespace cancelsim::scenarios
