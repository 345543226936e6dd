// Runs one case under every schedule that asyncio leaves open.
#pragma once

#include <cstdint>
#include <functional>

#include "properties/contracts/monitor.h"
#include "properties/subject/subject.h"
#include "scenarios/run/state_hash.h"
#include "sim/event_fields.h"
#include "sim/strategies/exhaustive.h"

namespace cancelsim::properties {

/// What became of an exploration.
struct Explored {
    std::uint64_t schedules = 0;  ///< that were run
    bool all = true;              ///< there are no others, but for those that differ in nothing that can be seen
};

/// Runs the schedules of a case one after another, fewest deviations first. A run is not followed further where it
/// comes to what an earlier one has come to: the same state, and every iteration up to there began in the same state
/// and had the same events. Contracts see nothing else, so that they are in the same state too, and so is the trace:
/// what is left out could show no failure and no trace that is not shown already. (That is more than the state alone
/// being the same: a contract remembers what has been.)
class Explorer : public sim::Observer {
public:
    Explorer(Contracts contracts, sim::ChoiceKinds asked);

    /// After each run, with the contracts that it broke; false ends it. `schedule` is only valid within.
    using Visit = std::function<bool(const std::vector<Contract*>& broken)>;

    /// Runs at most `limit` schedules of `program`.
    Explored explore(const scenarios::Case& program, const Subject& config, std::uint64_t limit, const Visit& visit);

    /// The schedule of the last run.
    sim::Schedule schedule() const { return choices_.schedule(); }
    /// How many deviations that has.
    std::size_t deviations() const { return choices_.deviations(); }
    /// Of the last run.
    const scenarios::Interpreter& interpreter() const { return interpreter_; }
    const Contracts& contracts() const { return monitor_.contracts(); }
    /// Whether runs that come to the same are followed only once: on, unless told otherwise.
    void merge(bool on) { merge_ = on; }

    /// Every event is part of a run's history.
    template <class Event>
    void on(const Event& event) {
        if (!followed_) return;
        add(events::All::index_of<Event>());
        sim::for_each_field(event, [this](const auto& field) { add_field(field); });
        if constexpr (std::is_same_v<Event, events::IterationBegan>) iteration_begins();
    }

private:
    void iteration_begins();
    template <class Field>
    void add_field(const Field& field) {
        if constexpr (std::is_same_v<Field, const sim::Error*>) {
            // Which exception it is, the state tells.
            add(field == nullptr ? 0 : 1 + static_cast<std::uint64_t>(field->kind));
            add(field == nullptr ? 0 : field->message);
        } else if constexpr (requires { field.size(); }) {
            add(field.size());
            for (const auto& each : field) add_field(each);
        } else if constexpr (std::is_class_v<Field>) {
            sim::for_each_field(field, [this](const auto& inner) { add_field(inner); });
        } else {
            add(static_cast<std::uint64_t>(field));
        }
    }
    void add(std::uint64_t word) { history_ = (history_ ^ word) * 0x9fb21c651e98df25 ^ history_ >> 29; }
    /// False where it was there already.
    bool insert(std::uint64_t history);

    scenarios::Interpreter interpreter_;
    ModelRunInfo info_{interpreter_};
    Monitor monitor_;
    sim::Exhaustive choices_;
    scenarios::StateHash state_;
    bool merge_ = true;
    bool followed_ = false;            ///< this run's history is kept
    std::uint64_t history_ = 0;        ///< of this run: its states at the beginning of iterations, and its events
    std::vector<std::uint64_t> seen_;  ///< an open-addressing table; 0 is free
    std::size_t seen_count_ = 0;
};

}  // namespace cancelsim::properties
