// asyncio.Lock as an object of a case.
#include "scenarios/objects/asyncio.h"

namespace cancelsim::scenarios {

namespace {

using sim::asyncio::Lock;

Lock& lock_of(Object& object) { return static_cast<AsyncioLockObject&>(object).lock; }

Object& make(Interpreter& run, const ObjectSpec&) { return *run.kernel().arena().make<AsyncioLockObject>(); }

std::string state(const Interpreter&, const Object& object) {
    const Lock& lock = static_cast<const AsyncioLockObject&>(object).lock;
    return fmt::format(R"({{"locked":{},"waiting":{}}})", lock.locked, lock.waiters.size());
}

AtRest at_rest(const Object& object) { return {static_cast<const AsyncioLockObject&>(object).lock.locked ? 0 : 1}; }

void hash(StateHash& hash, const Object& object) { add_lock(hash, static_cast<const AsyncioLockObject&>(object).lock); }

sim::Frame& acquire(Interpreter& run, Object& object) {
    return await_in<Lock>(run, lock_of(object), [](sim::Loop& loop, sim::Task& task, Lock& lock, std::nullptr_t) {
        return lock.acquire(loop, task);
    });
}
Error* release(Interpreter& run, Object& object) { return lock_of(object).release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = nullptr, .release = release, .released_outside = false};

}  // namespace

constexpr ObjectType objects::asyncio_lock{
    .name = "asyncio_lock",
    .properties = std::span<const Property>(),
    .make = make,
    .state = state,
    .at_rest = at_rest,
    .hash = hash,
    .lockable = &kLockable,
    .notifiable = nullptr,
    .queue = nullptr,
};

}  // namespace cancelsim::scenarios
