// Few deviations at random places: probabilistic concurrency testing, for a loop that is never preempted.
//
// Source: Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs, ASPLOS 2010. There a schedule is a random order of priorities that holds for the whole run, but for d - 1
// steps, drawn from all k, in which it changes: a bug that needs d orderings among n threads is met with a probability
// of at least 1 / (n k^(d-1)). Here a task runs until it awaits, and what is ready runs in the order in which it became
// so: there are no threads to rank. What is left open is asked as questions, each with an answer that a quiet machine
// would give. So here a schedule is a habit for the whole run (each kind of order goes forward, or each kind backward;
// nothing is late), but for d questions, drawn from the first k, in which the answer is any other one.
//
// The bound: let a failure need d answers other than the habit's, among the first k questions, of which none has more
// than c alternatives, and the habit everywhere else. A run meets it with a probability of at least
//
//     1/2^o * 1/(kMostDeviations + 1) * 1/kSpans * 1/(2 k (c - 1))^d
//
// where o is the number of kinds of orders whose habit matters, for d <= kMostDeviations and 2 <= k <= kLongestSpan.
// The second and third factor stand for not knowing d and k: both are drawn, k as a power of two.
#pragma once

#include <array>
#include <cstdint>

#include "sim/choices.h"
#include "sim/random.h"

namespace cancelsim::sim {

class PctChoices : public Choices {
public:
    static constexpr std::uint32_t kMostDeviations = 3;
    static constexpr std::uint32_t kSpans = 7;
    static constexpr std::uint32_t kShortestSpan = 4;
    static constexpr std::uint32_t kLongestSpan = kShortestSpan << (kSpans - 1);

    explicit PctChoices(ChoiceKinds asked, std::uint32_t injections = UINT32_MAX)
        : Choices(asked, injections), random_(0) {}

    /// Starts the schedule that `seed` stands for.
    void begin(std::uint64_t seed) {
        random_ = Random(seed);
        questions_ = 0;
        backward_ = static_cast<ChoiceKinds>(random_.next()) & kOrders;
        places_.fill(kNowhere);
        const std::uint32_t deviations = random_.below(kMostDeviations + 1);
        const std::uint32_t span = kShortestSpan << random_.below(kSpans);
        for (std::uint32_t i = 0; i < deviations; ++i) places_[i] = random_.below(span);
    }

    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        // What to cancel has no habit: whether to cancel is the deviation.
        if (question.kind == ChoiceKind::inject && question.position == 1) return random_.below(count);
        const std::uint32_t habit = (backward_ & bit(question.kind)) != 0 ? count - 1 : 0;
        const std::uint32_t number = questions_++;
        for (const std::uint32_t place : places_) {
            if (place != number) continue;
            const std::uint32_t other = random_.below(count - 1);
            return other < habit ? other : other + 1;
        }
        return habit;
    }

private:
    static constexpr ChoiceKinds kOrders =
        bit(ChoiceKind::set_order) | bit(ChoiceKind::timer_order) | bit(ChoiceKind::ready_order);
    static constexpr std::uint32_t kNowhere = UINT32_MAX;

    Random random_;
    std::uint32_t questions_ = 0;
    ChoiceKinds backward_ = 0;  ///< the kinds of orders that go backward
    std::array<std::uint32_t, kMostDeviations> places_{};
};

}  // namespace cancelsim::sim
