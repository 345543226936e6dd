#include "properties/export/deviations_by_kind.h"

#include <algorithm>

#include "properties/contracts/runner.h"
#include "sim/strategies/record.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

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

}  // namespace cancelsim::properties
