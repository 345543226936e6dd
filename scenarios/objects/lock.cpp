#include "scenarios/objects/lock.h"

#include <array>

#include "scenarios/objects/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kProperties{kFastAcquire};

model::Lock& lock_of(Object& object) { return static_cast<LockObject&>(object).lock; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<LockObject>();
    object.lock.fast_acquire = spec.fast_acquire;
    return object;
}

std::string state(const Interpreter& run, const Object& object) {
    const model::Lock& lock = static_cast<const LockObject&>(object).lock;
    return fmt::format(R"({{"owner":{},"waiting":{}}})", owner_json(run, lock.owner_task), lock.waiters.size());
}

AtRest at_rest(const Object& object) { return at_rest_of(static_cast<const LockObject&>(object).lock); }

void hash(StateHash& hash, const Object& object) { static_cast<const LockObject&>(object).lock.add_to(hash); }

sim::Frame& acquire(Interpreter& run, Object& object) { return lock_of(object).acquire(run.kernel()); }
Error* acquire_nowait(Interpreter& run, Object& object) { return lock_of(object).acquire_nowait(run.kernel()); }
Error* release(Interpreter& run, Object& object) { return lock_of(object).release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = acquire_nowait, .release = release, .released_outside = false};

}  // namespace

constexpr ObjectType objects::lock{
    .name = "lock",
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
