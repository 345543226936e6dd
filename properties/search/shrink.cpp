#include "properties/search/shrink.h"

#include <algorithm>

#include "properties/subject/limits.h"
#include "scenarios/shrink/shrinker.h"
#include "sim/strategies/fewest_deviations.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

/// By how many visits or iterations a deviation may have moved: a smaller program comes to it earlier.
constexpr std::uint64_t kMostMoved = 12;
/// For how many random schedules a smaller program is tried when neither the ordinary order nor the
/// present schedule breaks it: enough to find again a deviation that has moved, few enough to keep
/// the descent quick.
constexpr std::uint64_t kRandomTries = 6;

bool breaks(Runner& runner, const Subject& config, const scenarios::Case& program, sim::Choices& choices,
            std::string_view contract, std::string_view place) {
    try {
        const auto& broken = runner.run(program, config, &choices);
        return std::any_of(broken.begin(), broken.end(), [&](const Contract* candidate) {
            return candidate->name() == contract && candidate->place().name() == place;
        });
    } catch (const RunLost&) {  // it showed nothing
        return false;
    } catch (const OverMemory&) {
        return false;
    }
}

class Shrinker {
public:
    Shrinker(Runner& runner, Failure& failure, std::string_view place, std::size_t runs, const KeepsFailure& keeps)
        : runner_(runner), failure_(failure), place_(place), left_(runs), keeps_(keeps) {}

    void run() {
        fewest_deviations();
        for (std::size_t before = 0; before != size() && left_ > 0;) {
            before = size();
            failure_.program = scenarios::shrink(
                failure_.program, [this](const scenarios::Case& candidate) { return still_breaks(candidate); }, left_);
            fewest_deviations();
        }
    }

private:
    std::size_t size() const { return failure_.program.statements.size() * 64 + failure_.schedule.deviations.size(); }

    bool breaks_under(const scenarios::Case& program, const sim::Schedule& schedule) {
        if (left_ == 0) return false;
        --left_;
        return breaks(runner_, failure_.config, program, schedule, failure_.contract, place_) &&
               keeps(program, schedule);
    }

    bool keeps(const scenarios::Case& program, const sim::Schedule& schedule) const {
        try {
            return keeps_({failure_.config, program, schedule, failure_.contract});
        } catch (const RunLost&) {
            return false;
        }
    }

    /// Tries a smaller program under no deviation, the present schedule, that with its deviations moved, and some
    /// random ones; keeps the schedule that breaks it.
    bool still_breaks(const scenarios::Case& candidate) {
        const sim::Schedule none{failure_.schedule.asked, {}};
        if (breaks_under(candidate, none)) {
            failure_.schedule = none;
            return true;
        }
        if (failure_.schedule.deviations.empty()) return false;
        if (breaks_under(candidate, failure_.schedule) || breaks_with_moved_deviations(candidate)) return true;
        sim::RandomChoices random(failure_.schedule.asked);
        for (std::uint64_t seed = 0; seed < kRandomTries && left_ > 0; ++seed) {
            random.begin(seed);
            sim::Record record(random);
            --left_;
            if (!breaks(runner_, failure_.config, candidate, record, failure_.contract, place_)) continue;
            if (record.schedule().deviations.size() > failure_.schedule.deviations.size()) continue;
            if (!keeps(candidate, record.schedule())) continue;
            failure_.schedule = record.schedule();
            return true;
        }
        return false;
    }

    /// Moves each deviation, and those after it that the same thing is asked of, to earlier visits or iterations.
    bool breaks_with_moved_deviations(const scenarios::Case& candidate) {
        const auto& deviations = failure_.schedule.deviations;
        for (std::size_t first = 0; first < deviations.size(); ++first) {
            const std::uint64_t before =
                first != 0 && asks_the_same(deviations[first - 1].question, deviations[first].question)
                    ? deviations[first - 1].question.at
                    : 0;
            const std::uint64_t free = deviations[first].question.at - before;
            for (std::uint64_t moved = 1; moved <= std::min(free, kMostMoved); ++moved) {
                sim::Schedule schedule = failure_.schedule;
                for (std::size_t i = first; i < deviations.size(); ++i)
                    if (asks_the_same(deviations[i].question, deviations[first].question))
                        schedule.deviations[i].question.at -= moved;
                if (!sim::is_sorted(schedule.deviations) || !breaks_under(candidate, schedule)) continue;
                failure_.schedule = schedule;
                return true;
            }
        }
        return false;
    }

    /// Whether the two questions differ in no more than when they come.
    static bool asks_the_same(const sim::Question& a, const sim::Question& b) {
        return a.kind == b.kind && a.set == b.set && a.owner == b.owner && a.binding == b.binding;
    }

    void fewest_deviations() {
        failure_.schedule = sim::fewest_deviations(failure_.schedule, [this](const sim::Schedule& candidate) {
            return breaks_under(failure_.program, candidate);
        });
    }

    Runner& runner_;
    Failure& failure_;
    std::string_view place_;
    std::size_t left_;
    const KeepsFailure& keeps_;
};

}  // namespace

bool breaks(Runner& runner, const Subject& config, const scenarios::Case& program, const sim::Schedule& schedule,
            std::string_view contract, std::string_view place) {
    sim::Replay replay(schedule);
    return breaks(runner, config, program, replay, contract, place);
}

Failure shrink(Runner& runner, Failure failure, std::string_view place, std::size_t runs, const KeepsFailure& keeps) {
    // The place is a literal of the contract's, but the runner's next run may overwrite the
    // contract's state.
    const std::string kept(place);
    Shrinker(runner, failure, kept, runs, keeps).run();
    sim::Replay replay(failure.schedule);
    runner.run_traced(failure.program, failure.config, &replay);
    failure.digest = runner.digest();
    return failure;
}

}  // namespace cancelsim::properties
