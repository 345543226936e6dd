// Each choice at random, from one seed.
#pragma once

#include "sim/choices.h"
#include "sim/random.h"

namespace cancelsim::sim {

/// Orders are uniform; a delay, or time that passes within an iteration, comes one time in a few:
/// most of a run should be as it is on a quiet machine.
class RandomChoices : public Choices {
public:
    explicit RandomChoices(ChoiceKinds asked) : Choices(asked), random_(0) {}
    /// Starts the schedule that `seed` stands for.
    void begin(std::uint64_t seed) { random_ = Random(seed); }

    std::uint32_t choose(ChoiceKind kind, std::uint32_t count) override {
        switch (kind) {
            case ChoiceKind::arrival: return random_.below(4) == 0 ? 1 : 0;
            case ChoiceKind::elapse: return random_.below(8) == 0 ? 1 : 0;
            default: return static_cast<std::uint32_t>(random_.below(count));
        }
    }

private:
    Random random_;
};

}  // namespace cancelsim::sim
