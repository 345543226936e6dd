#include "sim/strategies/fewest_deviations.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace cancelsim::sim {

namespace {

Deviation injected(std::uint64_t at, std::uint32_t position, std::uint32_t answer) {
    return {{.kind = ChoiceKind::inject, .at = at, .position = position}, answer};
}
Deviation elapsed(std::uint64_t at) { return {{.kind = ChoiceKind::elapse, .at = at}, 1}; }

bool has(const Schedule& schedule, const Deviation& wanted) {
    return std::find(schedule.deviations.begin(), schedule.deviations.end(), wanted) != schedule.deviations.end();
}

}  // namespace

TEST_CASE("a schedule keeps only the deviations that are wanted, and the smallest answers") {
    Schedule schedule{kAllKinds, {}};
    for (std::uint64_t at = 1; at <= 20; ++at) schedule.deviations.push_back(elapsed(at));
    schedule.deviations.push_back({{.kind = ChoiceKind::ready_order, .at = 3}, 9});
    int runs = 0;
    const Schedule least = fewest_deviations(schedule, [&](const Schedule& candidate) {
        ++runs;
        const auto& last = candidate.deviations;
        return has(candidate, elapsed(7)) && has(candidate, elapsed(13)) && !last.empty() &&
               last.back().question.kind == ChoiceKind::ready_order && last.back().answer >= 4;
    });
    CHECK(least.deviations ==
          std::vector{elapsed(7), elapsed(13), Deviation{{.kind = ChoiceKind::ready_order, .at = 3}, 4}});
    CHECK(runs < 100);
}

TEST_CASE("what is cancelled from outside goes with the cancellation, and does not stay without it") {
    const Schedule schedule{kAllKinds, {injected(2, 0, 1), injected(2, 1, 3), injected(5, 0, 1), injected(5, 1, 2)}};
    const Schedule least = fewest_deviations(schedule, [](const Schedule& candidate) {
        CHECK(has(candidate, injected(2, 0, 1)) >=
              std::any_of(candidate.deviations.begin(), candidate.deviations.end(),
                          [](const Deviation& each) { return each.question.at == 2 && each.question.position == 1; }));
        return has(candidate, injected(5, 1, 2));
    });
    CHECK(least.deviations == std::vector{injected(5, 0, 1), injected(5, 1, 2)});
}

}  // namespace cancelsim::sim
