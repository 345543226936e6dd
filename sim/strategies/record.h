// A schedule as its deviations from the predictable default; recording and replaying one.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/choices.h"

namespace cancelsim::sim {

/// An answer other than 0.
struct Deviation {
    std::uint32_t question = 0;  ///< which question of the run it answers, from 0
    std::uint32_t answer = 0;    ///< at least 1

    bool operator==(const Deviation&) const = default;
};

/// Which kinds of choices were asked, and what was answered other than by default.
struct Schedule {
    ChoiceKinds asked = 0;
    std::vector<Deviation> deviations;  ///< in the order of their questions

    bool operator==(const Schedule&) const = default;
};

/// Passes each question on, and keeps the deviations.
class Record : public Choices {
public:
    explicit Record(Choices& inner, ChoiceKinds asked) : Choices(asked), inner_(inner) { schedule_.asked = asked; }
    std::uint32_t choose(ChoiceKind kind, std::uint32_t count) override {
        const std::uint32_t answer = inner_.choose(kind, count);
        if (answer != 0) schedule_.deviations.push_back({questions_, answer});
        ++questions_;
        return answer;
    }
    const Schedule& schedule() const { return schedule_; }

private:
    Choices& inner_;
    std::uint32_t questions_ = 0;
    Schedule schedule_;
};

/// Answers as a schedule says. An answer that is out of range for its question is the last
/// alternative: a shrunk case may leave fewer.
class Replay : public Choices {
public:
    explicit Replay(const Schedule& schedule) : Choices(schedule.asked), schedule_(schedule) {}
    std::uint32_t choose(ChoiceKind, std::uint32_t count) override {
        const auto& deviations = schedule_.deviations;
        const std::uint32_t question = questions_++;
        if (next_ == deviations.size() || deviations[next_].question != question) return 0;
        const std::uint32_t answer = deviations[next_++].answer;
        return answer < count ? answer : count - 1;
    }

private:
    const Schedule& schedule_;
    std::uint32_t questions_ = 0;
    std::size_t next_ = 0;
};

}  // namespace cancelsim::sim
