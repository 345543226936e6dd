// anyio.Semaphore as an object of a case.
#include "model/primitives/semaphore.h"

#include <array>

#include "scenarios/objects/common.h"
#include "scenarios/run/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kProperties{Property{.key = "value", .slot = PropertySlot::amount, .required = true},
                                 Property{.key = "max_value", .slot = PropertySlot::max_value}, kFastAcquire};

struct SemaphoreObject : Object {
    model::Semaphore semaphore;
};

model::Semaphore& semaphore_of(Object& object) { return static_cast<SemaphoreObject&>(object).semaphore; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    static_assert(ObjectSpec::kNoMaximum == model::Semaphore::kNoMaximum);
    auto& object = *run.kernel().arena().make<SemaphoreObject>();
    object.semaphore.value = spec.amount;
    object.semaphore.max_value = spec.max_value;
    object.semaphore.fast_acquire = spec.fast_acquire;
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const model::Semaphore& semaphore = static_cast<const SemaphoreObject&>(object).semaphore;
    return fmt::format(R"({{"value":{},"waiting":{}}})", semaphore.value, semaphore.waiters.size());
}

AtRest at_rest(const Object& object) { return {static_cast<const SemaphoreObject&>(object).semaphore.value}; }

void hash(StateHash& hash, const Object& object) { static_cast<const SemaphoreObject&>(object).semaphore.add_to(hash); }

sim::Frame& acquire(Interpreter& run, Object& object) { return semaphore_of(object).acquire(run.kernel()); }
Error* acquire_nowait(Interpreter& run, Object& object) { return semaphore_of(object).acquire_nowait(run.kernel()); }
Error* release(Interpreter& run, Object& object) { return semaphore_of(object).release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = acquire_nowait, .release = release, .released_outside = true};

}  // namespace

constexpr ObjectType objects::semaphore{
    .name = "semaphore",
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
