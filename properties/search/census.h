// What a hunt has seen: how many distinct schedules and states, and how many of what comes next would be new.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "properties/search/distinct.h"
#include "scenarios/run/interpreter.h"
#include "scenarios/run/state_hash.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

struct Census {
    /// A schedule is a program, and what was answered to each question that its run asked.
    DistinctCounter schedules;
    /// A state is what is in the loop, tasks and scopes when an iteration begins, and how far each task is in its
    /// program, whatever the program. Of one schedule in kStatesEvery only.
    DistinctCounter states;

    void add(const Census& other) {
        schedules.add(other.schedules);
        states.add(other.states);
    }
    /// See DistinctCounter::part.
    Census part() const { return {schedules.part(), states.part()}; }
};

/// Looking at states costs about as much as a run does.
inline constexpr std::uint64_t kStatesEvery = 64;

/// Counts the runs of one thread.
class CensusTaker : public sim::Observer {
public:
    /// What to run `program` under so that it is counted: `choices`, which may be null, with a note of its answers.
    sim::Choices* begin(const scenarios::Case& program, sim::Choices* choices);
    /// After that run.
    void end();
    /// Runs it, without contracts, for its states.
    void look_at_states(const scenarios::Case& program, const model::Config& config, sim::Choices* choices);

    /// What has been counted since the last call; from now on it counts into `next`.
    Census take(Census next) { return std::exchange(census_, std::move(next)); }

    void on(const scenarios::events::IterationBegan& event);

private:
    /// Writes the answers down.
    struct Note {
        std::vector<std::uint64_t>* words;
        void operator()(const sim::Question&, std::uint32_t, std::uint32_t answer) const { words->push_back(answer); }
    };

    std::vector<std::uint64_t> words_;  ///< the program, then the answers
    std::optional<sim::Tap<Note>> choices_;
    scenarios::Interpreter interpreter_;
    scenarios::StateHash state_;
    Census census_;
};

}  // namespace cancelsim::properties
