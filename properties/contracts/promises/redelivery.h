// redelivery: a cancellation does not go away because it was swallowed.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"
#include "properties/contracts/reach.h"

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
        left_.clear();
    }

    void on(const events::TaskParked& event) {
        if (!event.bare) owe(task(event.task));
        look_after_bounds();
    }
    void on(const events::ScopeLeft& event) {
        const model::CancelScope& left = scope(event.scope);
        if (!left.tasks.empty() || !left.child_scopes.empty()) left_.push_back(&left);
    }
    void on(const events::ScopeCancelled& event) {
        // Who waits in the scope is looked for when the next iteration begins: by then the pass that `cancel()` runs
        // has interrupted nearly all of them.
        cancelled_.push_back({&scope(event.scope), {.iteration = run().iteration(), .time = run().now()}});
        listen<events::TaskParked, events::ShieldChanged, events::IterationBegan, events::PassEnded>();
    }
    void on(const events::ShieldChanged& event) {
        watch_.restart_bounds(run());
        if (!event.shield) owe_all({&scope(event.scope), {.iteration = run().iteration(), .time = run().now()}});
        look_after_bounds();
    }
    void on(const events::IterationBegan&) {
        owe_cancelled();
        if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
        look_after_bounds();
    }
    void on(const events::TaskResumed& event) {
        watch_.resumed(run(), task(event.task), event.thrown);
        look_after_bounds();
    }
    void on(const events::PassEnded& event) {
        const model::CancelScope& origin = scope(event.scope);
        for (Cancelled& each : cancelled_)
            if (each.scope == &origin) each.since.pass_seen = true;
        watch_.passed(run(), origin);
        look_after_bounds();
    }

    void end() {
        owe_cancelled();
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override { return "No interruption: " + ParkedWatch::words(run(), wait_); }

private:
    void look_after_bounds() {
        if (!watch_.empty())
            listen(ParkedWatch::Wanted{});
        else if (cancelled_.empty())
            ignore<events::IterationBegan, events::TaskResumed, events::PassEnded>();
    }

    struct Cancelled {
        const model::CancelScope* scope;
        ParkedWatch::Since since;
    };

    void owe(const model::Task& task) {
        if (!is_parked_to_be_cancelled(task)) return;
        if (const model::CancelScope* scope = cancelling_scope(task))
            watch_.owe(run(), history().cancels(), task, *scope);
    }
    void owe_all(const Cancelled& cancelled) {
        owe_reached(*cancelled.scope, cancelled.since);
        // A scope that was left is no child of its parent any more, but what is in it is still covered.
        for (const model::CancelScope* left : left_)
            if (cancelling_scope(left) == cancelled.scope) owe_reached(*left, cancelled.since);
    }
    void owe_reached(const model::CancelScope& from, const ParkedWatch::Since& since) {
        for_each_reached(from, [&](const model::Task& task) {
            if (!is_parked_to_be_cancelled(task)) return true;
            if (const model::CancelScope* scope = cancelling_scope(task))
                watch_.owe(history().cancels(), task, *scope, since);
            return true;
        });
    }
    void owe_cancelled() {
        for (const Cancelled& each : cancelled_) owe_all(each);
        cancelled_.clear();
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(run(), wait));
    }

    ParkedWatch watch_;
    std::vector<const model::CancelScope*> left_;  ///< that held tasks when they were left
    std::vector<Cancelled> cancelled_;             ///< since the last iteration began
    ParkedWatch::Wait wait_;
};

}  // namespace cancelsim::properties
