// redelivery: a cancellation does not go away because it was swallowed.
#pragma once

#include <span>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"

namespace cancelsim::properties {

class Redelivery final : public Contract {
public:
    Redelivery()
        : Contract("redelivery",
                   "a live, started task that is effectively cancelled and parked on a waiter that can be "
                   "cancelled is interrupted within 2 iterations, however often it swallowed") {}

    using Dormant = sim::JoinEventLists<ParkedWatch::Wanted, sim::EventList<events::TaskParked>>;

    void start() {
        watch_.reset();
        cancelled_.clear();
        numbers_.clear();
    }

    void on(const events::TaskParked& event) {
        if (!event.bare) owe(event.task);
        look_after_bounds();
    }
    void on(const events::ScopeCancelled& event) {
        // Who waits in the scope is looked for when the next iteration begins: by then the pass that `cancel()` runs
        // has interrupted nearly all of them.
        cancelled_.push_back({event.scope, {.iteration = iteration(), .time = time()}});
        numbers_[event.scope] = static_cast<std::uint32_t>(cancelled_.size());
        listen<events::TaskParked, events::ShieldChanged, events::IterationBegan, events::PassEnded>();
    }
    void on(const events::ShieldChanged& event) {
        watch_.restart_bounds(world());
        const Cancelled now{event.scope, {.iteration = iteration(), .time = time()}};
        if (!event.shield) owe_all({&now, 1});
        look_after_bounds();
    }
    void on(const events::IterationBegan&) {
        owe_cancelled();
        if (const ParkedWatch::Wait* wait = watch_.overdue(world(), info())) return break_at(*wait);
        look_after_bounds();
    }
    void on(const events::TaskResumed& event) {
        watch_.resumed(world(), info(), event.task, event.thrown);
        look_after_bounds();
    }
    void on(const events::PassEnded& event) {
        if (const std::uint32_t number = numbers_[event.scope]; number != 0)
            cancelled_[number - 1].since.pass_seen = true;
        watch_.passed(world(), event.scope);
        look_after_bounds();
    }

    void end() {
        owe_cancelled();
        if (const ParkedWatch::Wait* wait = watch_.endless(world(), info())) break_at(*wait);
    }

    std::string what_happened() const override { return "No interruption: " + ParkedWatch::words(words(), wait_); }

private:
    void look_after_bounds() {
        if (!watch_.empty())
            listen(ParkedWatch::Wanted{});
        else if (cancelled_.empty())
            ignore<events::IterationBegan, events::TaskResumed, events::PassEnded>();
    }

    struct Cancelled {
        ScopeId scope;
        ParkedWatch::Since since;
    };

    void owe(TaskId task) {
        if (!world().task(task).can_be_interrupted()) return;
        const ScopeId scope = world().cancelling_scope_of(task);
        if (scope != kNoScope) watch_.owe(world(), task, scope);
    }
    void owe_all(std::span<const Cancelled> cancelled) {
        waiting_.clear();
        for (TaskId task = 0; task < world().tasks(); ++task)
            if (world().task(task).can_be_interrupted() && world().cancelling_scope_of(task) != kNoScope)
                waiting_.push_back(task);
        for (const Cancelled& each : cancelled)
            for (const TaskId task : waiting_)
                if (world().covers(each.scope, task))
                    watch_.owe(world(), task, world().cancelling_scope_of(task), each.since);
    }
    void owe_cancelled() {
        if (cancelled_.empty()) return;
        owe_all(cancelled_);
        for (const Cancelled& each : cancelled_) numbers_[each.scope] = 0;
        cancelled_.clear();
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(world(), info(), wait));
    }

    ParkedWatch watch_;
    std::vector<Cancelled> cancelled_;  ///< since the last iteration began
    ById<std::uint32_t> numbers_;       ///< by scope: 1 more than its index among them, or 0
    std::vector<TaskId> waiting_;
    ParkedWatch::Wait wait_;
};

}  // namespace cancelsim::properties
