#include "properties/export/python/clock.h"

#include <algorithm>

#include "properties/contracts/runner.h"
#include "properties/export/python/program.h"
#include "sim/random.h"
#include "sim/strategies/random.h"
#include "sim/strategies/record.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties::python {

using scenarios::Case;
using scenarios::Op;
using scenarios::Statement;

namespace {

/// Longer than this, in seconds, nobody wants to wait.
constexpr double kLongest = 3.0;

/// How many units of the tried programs are one of the case, and by how many of them at most anything is late.
constexpr std::int64_t kFine = 1000;
constexpr std::uint32_t kLate = 20;

constexpr std::uint64_t kTries = 32;

bool has_time(const Statement& statement) {
    switch (statement.op) {
        case Op::sleep:
        case Op::fail_after: return true;
        case Op::scope:
        case Op::enter:
        case Op::set_deadline: return statement.has_number;
        default: return false;
    }
}

/// The same case on finer time, with all that takes time taking a little longer than it says.
Case with_delays(const Case& program, sim::Random& random) {
    Case delayed = program;
    const auto late = [&] { return static_cast<std::int64_t>(random.below(kLate)); };
    for (Statement& statement : delayed.statements)
        if (has_time(statement)) statement.number = statement.number * kFine + (statement.number > 0 ? late() : 0);
    for (scenarios::EnvironmentEntry& entry : delayed.environment) entry.when = entry.when * kFine + late();
    return delayed;
}

bool breaks_with_delays(const Failure& failure) {
    Runner runner(make_contracts(std::vector{failure.contract}));
    sim::RandomChoices orders(sim::bit(sim::ChoiceKind::set_order));
    for (std::uint64_t seed = 0; seed < kTries; ++seed) {
        sim::Random random(seed);
        orders.begin(seed);
        if (runner.run(with_delays(failure.program, random), failure.config, &orders).empty()) return false;
    }
    return true;
}

sim::ChoiceKinds kinds_of(const KindDeviations& deviations) {
    sim::ChoiceKinds kinds = 0;
    for (int kind = 0; kind < sim::kChoiceKinds; ++kind)
        if (!deviations[static_cast<std::size_t>(kind)].empty()) kinds |= sim::bit(static_cast<sim::ChoiceKind>(kind));
    return kinds;
}

}  // namespace

ChoicesByKind::ChoicesByKind(const KindDeviations& deviations)
    : Choices(kinds_of(deviations)), deviations_(deviations) {}

std::uint32_t ChoicesByKind::choose(const sim::Question& question, std::uint32_t count) {
    const auto index = static_cast<std::size_t>(question.kind);
    const std::uint32_t asked = questions_[index]++;
    for (const auto& [number, answer] : deviations_[index])
        if (number == asked) return std::min(answer, count - 1);
    return 0;
}

ClockNeeds clock_needs(const Failure& failure, std::int64_t time) {
    const auto& environment = failure.program.environment;
    if (!failure.schedule.deviations.empty()) return {"it takes a schedule that asyncio allows, but seldom has", true};
    if (std::any_of(environment.begin(), environment.end(), [](const auto& entry) { return entry.at_iteration; }))
        return {"the outside world answers in given iterations of the loop", true};
    if (static_cast<double>(time) * kUnitSeconds > kLongest) return {"on real time it would take long", false};
    if (!breaks_with_delays(failure)) return {"several things have to happen at once, or in a given order", false};
    return {};
}

KindDeviations deviations_by_kind(const Failure& failure) {
    KindDeviations deviations;
    std::array<std::uint32_t, sim::kChoiceKinds> questions{};
    sim::Replay replay(failure.schedule);
    sim::Tap choices(replay, [&](const sim::Question& question, std::uint32_t, std::uint32_t answer) {
        const auto index = static_cast<std::size_t>(question.kind);
        const std::uint32_t number = questions[index]++;
        if (answer != 0) deviations[index].emplace_back(number, answer);
    });
    Runner runner(make_contracts(std::vector{failure.contract}));
    runner.run(failure.program, failure.config, &choices);
    if (!deviations[static_cast<std::size_t>(sim::ChoiceKind::ready_order)].empty())
        throw FailureError("its schedule permutes ready handles: no Python shows that, since asyncio never does it");
    if (!deviations[static_cast<std::size_t>(sim::ChoiceKind::inject)].empty())
        throw FailureError("its schedule cancels something from outside: an exported file has no outside");
    return deviations;
}

}  // namespace cancelsim::properties::python
