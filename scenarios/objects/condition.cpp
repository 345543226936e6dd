// anyio.Condition as an object of a case.
#include "model/primitives/condition.h"

#include <array>

#include "scenarios/objects/common.h"
#include "scenarios/objects/lock.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kProperties{Property{.key = "lock", .slot = PropertySlot::lock, .lock_kind = ObjectKind::lock}};

struct ConditionObject : Object {
    model::Condition condition;
    model::Lock own_lock;  ///< where the case names no other
};

model::Condition& condition_of(Object& object) { return static_cast<ConditionObject&>(object).condition; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<ConditionObject>();
    object.condition.lock =
        spec.lock == kNoName ? &object.own_lock : &static_cast<LockObject&>(run.objects().object(run, spec.lock)).lock;
    return object;
}

std::string state(const Interpreter& run, const Object& object) {
    const model::Condition& condition = static_cast<const ConditionObject&>(object).condition;
    return fmt::format(R"({{"owner":{},"acquiring":{},"waiting":{}}})", owner_json(run, condition.lock->owner_task),
                       condition.lock->waiters.size(), condition.waiters.size());
}

AtRest at_rest(const Object& object) { return at_rest_of(*static_cast<const ConditionObject&>(object).condition.lock); }

void hash(StateHash& hash, const Object& object) { static_cast<const ConditionObject&>(object).condition.add_to(hash); }

sim::Frame& acquire(Interpreter& run, Object& object) { return condition_of(object).acquire(run.kernel()); }
Error* acquire_nowait(Interpreter& run, Object& object) { return condition_of(object).acquire_nowait(run.kernel()); }
Error* release(Interpreter& run, Object& object) { return condition_of(object).release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = acquire_nowait, .release = release, .released_outside = false};

sim::Frame& wait(Interpreter& run, Object& object) { return condition_of(object).wait(run.kernel()); }
Error* notify(Interpreter& run, Object& object, std::int64_t n) {
    return n == Notifiable::kAll ? condition_of(object).notify_all(run.kernel())
                                 : condition_of(object).notify(run.kernel(), n);
}

constexpr Notifiable kNotifiable{.wait = wait, .notify = notify};

}  // namespace

constexpr ObjectType objects::condition{
    .name = "condition",
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
