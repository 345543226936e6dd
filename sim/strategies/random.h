// Each choice at random, from one seed.
#pragma once

#include "sim/choices.h"
#include "sim/random.h"

namespace cancelsim::sim {

/// Orders are uniform; a delay, time that passes within an iteration, or a cancellation from outside comes one time in
/// a few: most of a run should be as it is on a quiet machine.
class RandomChoices : public Choices {
public:
    explicit RandomChoices(ChoiceKinds asked, std::uint32_t injections = UINT32_MAX)
        : Choices(asked, injections), random_(0) {}
    /// Starts the schedule that `seed` stands for.
    void begin(std::uint64_t seed) { random_ = Random(seed); }

    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        switch (question.kind) {
            case ChoiceKind::arrival: return random_.below(4) == 0 ? 1 : 0;
            case ChoiceKind::elapse: return random_.below(8) == 0 ? 1 : 0;
            case ChoiceKind::inject:
                if (question.position == 0) return random_.below(8) == 0 ? 1 : 0;
                break;
            case ChoiceKind::set_order:
            case ChoiceKind::timer_order:
            case ChoiceKind::ready_order: break;
        }
        return static_cast<std::uint32_t>(random_.below(count));
    }

private:
    Random random_;
};

}  // namespace cancelsim::sim
