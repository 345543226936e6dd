#include "sim/strategies/fewest_deviations.h"

#include <algorithm>
#include <utility>

namespace cancelsim::sim {

namespace {

/// Without `count` deviations from `at` on, and without what they alone have brought up.
Schedule without(const Schedule& schedule, std::size_t at, std::size_t count) {
    Schedule candidate = schedule;
    auto& deviations = candidate.deviations;
    const auto begin = deviations.begin() + static_cast<std::ptrdiff_t>(at);
    deviations.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
    std::erase_if(deviations, [&](const Deviation& deviation) {
        Question whether = deviation.question;
        if (whether.kind != ChoiceKind::inject || whether.position == 0) return false;
        whether.position = 0;
        return std::none_of(deviations.begin(), deviations.end(),
                            [&](const Deviation& each) { return each.question == whether; });
    });
    return candidate;
}

}  // namespace

Schedule fewest_deviations(Schedule schedule, const std::function<bool(const Schedule&)>& breaks) {
    for (std::size_t chunk = schedule.deviations.size(); chunk > 0; chunk /= 2) {
        for (std::size_t at = 0; at + chunk <= schedule.deviations.size();) {
            Schedule candidate = without(schedule, at, chunk);
            if (breaks(candidate))
                schedule = std::move(candidate);
            else
                at += chunk;
        }
    }
    for (std::size_t i = 0; i < schedule.deviations.size(); ++i) {
        while (schedule.deviations[i].answer > 1) {
            Schedule candidate = schedule;
            --candidate.deviations[i].answer;
            if (!breaks(candidate)) break;
            schedule = std::move(candidate);
        }
    }
    return schedule;
}

}  // namespace cancelsim::sim
