#include "properties/report/page/continuations.h"

#include <algorithm>
#include <string_view>

#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "sim/strategies/random.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

/// At most so many iterations are tried.
constexpr std::size_t kMostPoints = 100;

/// What the failure's run is asked, also where it left nothing to chance.
sim::Schedule asked_schedule(const Failure& failure) {
    sim::Schedule schedule = failure.schedule;
    if (schedule.asked == 0) schedule.asked = sim::kAsyncioKinds;
    return schedule;
}

/// As many as the failure has: continuations may have no more.
std::uint32_t injections_of(const sim::Schedule& schedule) {
    return static_cast<std::uint32_t>(
        std::count_if(schedule.deviations.begin(), schedule.deviations.end(), [](const sim::Deviation& deviation) {
            return deviation.question.kind == sim::ChoiceKind::inject && deviation.question.position == 0;
        }));
}

/// As the failure up to the end of an iteration, random after that.
class Continuation : public sim::Choices {
public:
    Continuation(const sim::Schedule& schedule, const sim::Loop& loop)
        : Choices(schedule.asked, injections_of(schedule)),
          replay_(schedule),
          random_(schedule.asked, injections_of(schedule)),
          loop_(loop) {}

    void begin(std::uint64_t fixed, std::uint64_t seed) {
        fixed_ = fixed;
        random_.begin(seed);
    }
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        return loop_.iteration() <= fixed_ ? replay_.choose(question, count) : random_.choose(question, count);
    }

private:
    sim::Replay replay_;
    sim::RandomChoices random_;
    const sim::Loop& loop_;
    std::uint64_t fixed_ = 0;
};

class Measurement {
public:
    explicit Measurement(const Failure& failure)
        : failure_(failure), schedule_(asked_schedule(failure)), runner_(contracts_of(failure)) {}

    Continuations run() {
        const std::vector<std::uint64_t> open = open_iterations();
        Continuation choices(schedule_, runner_.interpreter().kernel());
        Continuations result;
        result.chances.push_back({0, failures(choices, 0)});
        if (result.chances.front().failures == kContinuations) {
            result.certain_from = 0;
            return result;
        }
        for (const std::uint64_t fixed : open) result.chances.push_back({fixed, failures(choices, fixed)});
        for (const Chance& chance : result.chances) {
            if (chance.failures < kContinuations) result.certain_from.reset();
            if (chance.failures == kContinuations && !result.certain_from) result.certain_from = chance.fixed;
        }
        return result;
    }

private:
    /// The iterations, up to where the contract broke, in which something was left open. Notes where that was.
    std::vector<std::uint64_t> open_iterations() {
        std::vector<std::uint64_t> open;
        sim::Replay replay(schedule_);
        sim::Tap asked(replay, [&](const sim::Question&, std::uint32_t, std::uint32_t) {
            const std::uint64_t iteration = runner_.interpreter().kernel().iteration();
            if (open.empty() || open.back() != iteration) open.push_back(iteration);
        });
        const auto& broken = runner_.run(failure_.program, failure_.config, &asked);
        if (broken.empty()) return {};
        place_ = broken.front()->place().name();
        const std::uint64_t last = broken.front()->broken_at_iteration();
        std::erase_if(open, [last](std::uint64_t iteration) { return iteration == 0 || iteration > last; });
        if (open.size() <= kMostPoints) return open;
        std::vector<std::uint64_t> some;
        for (std::size_t i = 1; i <= kMostPoints; ++i) some.push_back(open[i * open.size() / kMostPoints - 1]);
        return some;
    }

    std::uint32_t failures(Continuation& choices, std::uint64_t fixed) {
        std::uint32_t count = 0;
        for (std::uint32_t i = 0; i < kContinuations; ++i) {
            choices.begin(fixed, i);
            const auto& broken = runner_.run(failure_.program, failure_.config, &choices);
            if (!broken.empty() && broken.front()->place().name() == place_) ++count;
        }
        return count;
    }

    const Failure& failure_;
    const sim::Schedule schedule_;
    Runner runner_;
    std::string_view place_;
};

}  // namespace

Continuations continuations_of(const Failure& failure) { return Measurement(failure).run(); }

}  // namespace cancelsim::properties
