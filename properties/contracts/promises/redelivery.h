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

    static constexpr sim::EventMask kAtFirst = sim::mask_of(events::cancel, events::scope_left);
    static constexpr sim::EventMask kHears = kAtFirst | ParkedWatch::kWanted | sim::mask_of(sim::events::task_parked);

    void start() {
        watch_.reset();
        cancelled_.clear();
        left_.clear();
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto* scope = static_cast<const model::CancelScope*>(event.subject);
        switch (event.kind) {
            case sim::events::task_parked:
                if (event.subject != nullptr) owe(*static_cast<const model::Task*>(event.task));
                break;
            case events::scope_left:
                if (!scope->tasks.empty() || !scope->child_scopes.empty()) left_.push_back(scope);
                return;
            case events::cancel:
                // Who waits in the scope is looked for when the next iteration begins: by then the pass that `cancel()`
                // runs has interrupted nearly all of them.
                cancelled_.push_back({scope, {.iteration = run().iteration(), .time = run().now()}});
                return listen(kOnceCancelled | sim::mask_of(sim::events::iteration, events::deliver));
            case events::shield_changed:
                watch_.restart_bounds(run());
                if (!event.flag) owe_all({scope, {.iteration = run().iteration(), .time = run().now()}});
                break;
            case sim::events::iteration:
                owe_cancelled();
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
                break;
            case sim::events::task_step:
                watch_.resumed(run(), *static_cast<const model::Task*>(event.task), event.error);
                break;
            default:
                for (Cancelled& each : cancelled_)
                    if (each.scope == scope) each.since.pass_seen = true;
                watch_.passed(run(), *scope);
                break;
        }
        if (!watch_.empty())
            listen(ParkedWatch::kWanted);
        else if (cancelled_.empty())
            ignore(ParkedWatch::kWanted & ~kOnceCancelled);
    }

    void end() {
        owe_cancelled();
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override { return "No interruption: " + ParkedWatch::words(run(), wait_); }

private:
    static constexpr sim::EventMask kOnceCancelled = sim::mask_of(sim::events::task_parked, events::shield_changed);

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
