// Every schedule of one case, one after another, fewest deviations first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/choices.h"
#include "sim/strategies/record.h"

namespace cancelsim::sim {

/// Stateless search: each schedule is a run of its own from the beginning. A schedule is known by its deviations, and
/// comes from the one without the last of them: so each comes exactly once, and those with fewer come before those with
/// more. What a run asked after its last deviation is kept, since that is where the schedules that come from it deviate
/// next: memory grows by a few bytes a question.
class Exhaustive : public Choices {
public:
    explicit Exhaustive(ChoiceKinds asked) : Choices(asked) {}

    /// Begins with another case: the next schedule is the one without deviations.
    void restart() {
        runs_.clear();
        counts_.clear();
        from_ = {};
    }

    /// Prepares the next schedule: false where all have been run.
    bool next() {
        questions_ = 0;
        made_ = 0;
        cut_ = false;
        deviations_.clear();
        named_.clear();
        if (runs_.empty()) {
            runs_.push_back({});
            return true;
        }
        if (!find_next()) return false;
        const auto question = runs_[from_.run].question + 1 + from_.question;
        runs_.push_back({from_.run, question, from_.answer++, counts_.size()});
        for (std::size_t run = runs_.size() - 1; run != 0; run = runs_[run].parent)
            deviations_.push_back({runs_[run].question, runs_[run].answer});
        std::reverse(deviations_.begin(), deviations_.end());
        return true;
    }

    std::uint32_t choose(const Question& question, std::uint32_t count) override {
        const std::uint32_t number = questions_++;
        if (made_ == deviations_.size()) {
            if (!cut_) counts_.push_back(count);
            return 0;
        }
        if (deviations_[made_].question != number) return 0;
        named_.push_back({question, deviations_[made_].answer});
        return deviations_[made_++].answer;
    }

    /// In a run: whether its last deviation lies behind, so that from here on it goes where no run has gone before.
    bool is_on_its_own() const { return made_ == deviations_.size(); }
    /// In a run that is on its own: nothing shall come from what it asks from here on.
    void cut() { cut_ = true; }

    std::size_t schedules() const { return runs_.size(); }
    /// Of the last one that was prepared.
    std::size_t deviations() const { return deviations_.size(); }
    /// The deviations that the run has come to.
    Schedule schedule() const {
        Schedule schedule{asked(), named_};
        std::sort(schedule.deviations.begin(), schedule.deviations.end(), by_question);
        return schedule;
    }

private:
    /// A schedule: the one of run `parent`, and one deviation more.
    struct Run {
        std::size_t parent = 0;
        std::uint32_t question = UINT32_MAX;  ///< the first run has none: its questions count from 0
        std::uint32_t answer = 0;
        std::size_t counts = 0;  ///< where in `counts_` the alternatives of the questions after it begin
    };
    struct Place {
        std::size_t run = 0;
        std::uint32_t question = 0;  ///< from the run's last deviation
        std::uint32_t answer = 1;
    };

    bool find_next() {
        for (; from_.run < runs_.size(); from_ = {from_.run + 1}) {
            const std::size_t begin = runs_[from_.run].counts;
            const std::size_t end = from_.run + 1 < runs_.size() ? runs_[from_.run + 1].counts : counts_.size();
            for (; begin + from_.question < end; ++from_.question, from_.answer = 1)
                if (from_.answer < counts_[begin + from_.question]) return true;
        }
        return false;
    }

    std::vector<Run> runs_;
    std::vector<std::uint32_t> counts_;
    Place from_;  ///< the next schedule deviates here

    std::vector<NumberedDeviation> deviations_;  ///< of the schedule, in order
    std::vector<Deviation> named_;               ///< those that the run has come to
    std::size_t made_ = 0;
    std::uint32_t questions_ = 0;
    bool cut_ = false;
};

}  // namespace cancelsim::sim
