// Random schedules of a program of the user's own.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/choices.h"
#include "sim/random.h"

namespace cancelsim::properties {

/// Of the questions of a program those of `arrival` with this `set` are its own `choose(n)`: see PROTOCOL.md.
inline constexpr std::uint8_t kOwnChoice = 1;

/// Each run has a habit of its own: how often something is late, and whether orders are shuffled or nearly as they were
/// made. Cancellations come at iterations that are drawn beforehand, from all those of the ordinary run alike: else
/// most would come in its first few.
class ProgramChoices final : public sim::Choices {
public:
    /// `iterations` are those of the ordinary run, at least 1.
    ProgramChoices(sim::ChoiceKinds asked, std::uint32_t injections, std::uint32_t iterations)
        : Choices(asked, injections), iterations_(iterations), random_(0) {}

    /// Starts the schedule that `seed` stands for.
    void begin(std::uint64_t seed) {
        random_ = sim::Random(seed);
        rare_ = 2U << random_.below(5);
        shuffles_ = random_.below(2) == 0;
        inject_at_.clear();
        if (injections() == 0 || random_.below(4) == 0) return;
        const std::uint32_t count = 1 + random_.below(injections());
        for (std::uint32_t i = 0; i < count; ++i) inject_at_.push_back(1 + random_.below(iterations_));
    }

    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override {
        switch (question.kind) {
            case sim::ChoiceKind::inject:
                if (question.position != 0) return any_of(count);
                return std::find(inject_at_.begin(), inject_at_.end(), question.at) != inject_at_.end() ? 1 : 0;
            case sim::ChoiceKind::arrival:
                if (question.set == kOwnChoice) return any_of(count);
                return random_.below(rare_) == 0 ? 1 + any_of(count - 1) : 0;
            case sim::ChoiceKind::elapse: return random_.below(2 * rare_) == 0 ? 1 : 0;
            case sim::ChoiceKind::set_order:
            case sim::ChoiceKind::timer_order:
            case sim::ChoiceKind::ready_order: break;
        }
        return shuffles_ || random_.below(rare_) == 0 ? any_of(count) : 0;
    }

private:
    std::uint32_t any_of(std::uint32_t count) { return random_.below(count); }

    std::uint32_t iterations_;
    sim::Random random_;
    std::uint32_t rare_ = 2;  ///< one time in so many something is late
    bool shuffles_ = false;
    std::vector<std::uint64_t> inject_at_;  ///< iterations
};

}  // namespace cancelsim::properties
