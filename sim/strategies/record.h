// A schedule as its deviations from the predictable default; recording and replaying one.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "sim/choices.h"

namespace cancelsim::sim {

/// An answer other than 0.
struct Deviation {
    Question question;
    std::uint32_t answer = 0;  ///< at least 1

    bool operator==(const Deviation&) const = default;
};

/// Which kinds of choices were asked, and what was answered other than by default.
struct Schedule {
    ChoiceKinds asked = 0;
    std::vector<Deviation> deviations;  ///< sorted by their questions, each of them once

    bool operator==(const Schedule&) const = default;
};

inline bool by_question(const Deviation& a, const Deviation& b) { return a.question < b.question; }

/// Whether the deviations are as a Schedule has them.
inline bool is_sorted(const std::vector<Deviation>& deviations) {
    return std::adjacent_find(deviations.begin(), deviations.end(), [](const Deviation& a, const Deviation& b) {
               return a.question >= b.question;
           }) == deviations.end();
}

/// Passes each question on, and keeps the deviations.
class Record : public Choices {
public:
    explicit Record(Choices& inner) : Choices(inner.asked(), inner.injections()), inner_(inner) {}
    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        const std::uint32_t answer = inner_.choose(question, count);
        if (answer != 0) made_.push_back({question, answer});
        return answer;
    }
    /// The deviations so far, in the order in which the run came by them.
    const std::vector<Deviation>& made() const { return made_; }
    Schedule schedule() const {
        Schedule schedule{asked(), made_};
        std::sort(schedule.deviations.begin(), schedule.deviations.end(), by_question);
        assert(is_sorted(schedule.deviations));
        return schedule;
    }

private:
    Choices& inner_;
    std::vector<Deviation> made_;
};

/// Answers as a schedule says, which must outlive it. An answer that is out of range for its question is the last
/// alternative: a shrunk case may leave fewer.
class Replay : public Choices {
public:
    explicit Replay(const Schedule& schedule)
        : Choices(schedule.asked), deviations_(schedule.deviations), arose_(schedule.deviations.size()) {
        assert(is_sorted(deviations_));
    }
    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        const auto at = std::lower_bound(deviations_.begin(), deviations_.end(), Deviation{question}, by_question);
        if (at == deviations_.end() || at->question != question) return 0;
        arose_[static_cast<std::size_t>(at - deviations_.begin())] = true;
        return std::min(at->answer, count - 1);
    }
    /// The deviations whose question has not come yet.
    std::vector<Deviation> not_arisen() const {
        std::vector<Deviation> left;
        for (std::size_t i = 0; i < deviations_.size(); ++i)
            if (!arose_[i]) left.push_back(deviations_[i]);
        return left;
    }

private:
    const std::vector<Deviation>& deviations_;
    std::vector<bool> arose_;
};

/// A deviation as the first version of tokens had it.
struct NumberedDeviation {
    std::uint32_t question = 0;  ///< which question of the run it answers, from 0
    std::uint32_t answer = 0;    ///< at least 1
};

/// Answers by the numbers of questions, which must be in order; other than that, as Replay does.
class ReplayNumbered : public Choices {
public:
    ReplayNumbered(ChoiceKinds asked, const std::vector<NumberedDeviation>& deviations)
        : Choices(asked), deviations_(deviations) {}
    std::uint32_t choose(const Question&, std::uint32_t count) override {
        const std::uint32_t number = questions_++;
        if (next_ == deviations_.size() || deviations_[next_].question != number) return 0;
        return std::min(deviations_[next_++].answer, count - 1);
    }

private:
    const std::vector<NumberedDeviation>& deviations_;
    std::uint32_t questions_ = 0;
    std::size_t next_ = 0;
};

}  // namespace cancelsim::sim
