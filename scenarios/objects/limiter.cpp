#include "scenarios/objects/limiter.h"

#include <array>

#include "scenarios/objects/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kProperties{Property{.key = "tokens", .slot = PropertySlot::amount, .required = true, .least = 1}};

model::CapacityLimiter& limiter_of(Object& object) { return static_cast<LimiterObject&>(object).limiter; }

Object& make(Interpreter& run, const ObjectSpec& spec) {
    auto& object = *run.kernel().arena().make<LimiterObject>();
    object.limiter.set_total_tokens(run.kernel(), spec.amount);
    return object;
}

std::string state(const Interpreter&, const Object& object) {
    const model::CapacityLimiter& limiter = static_cast<const LimiterObject&>(object).limiter;
    return fmt::format(R"({{"tokens":{},"borrowed":{},"waiting":{}}})", limiter.total_tokens, limiter.borrowed_tokens,
                       limiter.wait_queue.size());
}

AtRest at_rest(const Object& object) {
    const model::CapacityLimiter& limiter = static_cast<const LimiterObject&>(object).limiter;
    return {limiter.total_tokens - limiter.borrowed_tokens};
}

void hash(StateHash& hash, const Object& object) { static_cast<const LimiterObject&>(object).limiter.add_to(hash); }

sim::Frame& acquire(Interpreter& run, Object& object) { return limiter_of(object).acquire(run.kernel()); }
Error* acquire_nowait(Interpreter& run, Object& object) { return limiter_of(object).acquire_nowait(run.kernel()); }
Error* release(Interpreter& run, Object& object) { return limiter_of(object).release(run.kernel()); }

constexpr Lockable kLockable{
    .acquire = acquire, .acquire_nowait = acquire_nowait, .release = release, .released_outside = false};

}  // namespace

constexpr ObjectType objects::limiter{
    .name = "limiter",
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
