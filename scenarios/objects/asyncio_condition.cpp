// asyncio.Condition as an object of a case.
#include <array>

#include "scenarios/objects/asyncio.h"

namespace cancelsim::scenarios {

namespace {

using sim::asyncio::Condition;

constexpr std::array kProperties{
    Property{.key = "lock", .slot = PropertySlot::lock, .lock_kind = ObjectKind::asyncio_lock}};

struct AsyncioConditionObject : Object {
    Condition condition;
    sim::asyncio::Lock own_lock;  ///< where the case names no other
};

Condition& condition_of(Object& object) { return static_cast<AsyncioConditionObject&>(object).condition; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<AsyncioConditionObject>();
    object.condition.lock = spec.lock == kNoName
                                ? &object.own_lock
                                : &static_cast<AsyncioLockObject&>(run.objects().object(run, spec.lock)).lock;
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const Condition& condition = static_cast<const AsyncioConditionObject&>(object).condition;
    return fmt::format(R"({{"locked":{},"acquiring":{},"waiting":{}}})", condition.lock->locked,
                       condition.lock->waiters.size(), condition.waiters.size());
}

AtRest at_rest(const Object& object) {
    return {static_cast<const AsyncioConditionObject&>(object).condition.lock->locked ? 0 : 1};
}

void hash(StateHash& hash, const Object& object) {
    const Condition& condition = static_cast<const AsyncioConditionObject&>(object).condition;
    add_lock(hash, *condition.lock);
    add_waiters(hash, condition.waiters);
}

sim::Frame& acquire(Interpreter& run, Object& object) {
    return await_in<Condition>(run, condition_of(object),
                               [](sim::Loop& loop, sim::Task& task, Condition& condition, std::nullptr_t) {
                                   return condition.lock->acquire(loop, task);
                               });
}
Error* release(Interpreter& run, Object& object) { return condition_of(object).lock->release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = nullptr, .release = release, .released_outside = false};

sim::Frame& wait(Interpreter& run, Object& object) {
    return await_in<Condition>(run, condition_of(object),
                               [](sim::Loop& loop, sim::Task& task, Condition& condition, std::nullptr_t) {
                                   return condition.wait(loop, task);
                               });
}
Error* notify(Interpreter& run, Object& object, std::int64_t n) {
    Condition& condition = condition_of(object);
    // More than wait is as many as wait: `notify_all()`.
    const std::int64_t waiting = condition.waiters.size();
    return condition.notify(run.kernel(), static_cast<std::uint32_t>(n < waiting ? n : waiting));
}

constexpr Notifiable kNotifiable{.wait = wait, .notify = notify};

}  // namespace

constexpr ObjectType objects::asyncio_condition{
    .name = "asyncio_condition",
    .properties = std::span<const Property>(kProperties),
    .make = make,
    .state = state,
    .at_rest = at_rest,
    .hash = hash,
    .lockable = &kLockable,
    .notifiable = &kNotifiable,
    .queue = nullptr,
};

}  // namespace cancelsim::scenarios
