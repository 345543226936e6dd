// redelivery: a cancellation does not go away because it was swallowed.
#pragma once

#include "properties/contract.h"
#include "properties/contracts/parked_watch.h"
#include "properties/contracts/reach.h"
#include "properties/words.h"

namespace cancelsim::properties {

class Redelivery final : public Contract {
public:
    Redelivery()
        : Contract("redelivery",
                   "a live, started task that is effectively cancelled and parked on a waiter that can be "
                   "cancelled is interrupted within 2 iterations, however often it swallowed") {}

    static constexpr sim::EventMask kAtFirst = sim::mask_of(events::cancel);
    static constexpr sim::EventMask kHears = kAtFirst | ParkedWatch::kWanted | sim::mask_of(sim::events::task_parked);

    void start() { watch_.reset(); }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto* scope = static_cast<const model::CancelScope*>(event.subject);
        switch (event.kind) {
            case sim::events::task_parked:
                if (event.subject != nullptr) owe(*static_cast<const model::Task*>(event.task));
                break;
            case events::cancel:
                listen(kOnceCancelled);
                owe_all(*scope);
                break;
            case events::shield_changed:
                watch_.restart_bounds(run());
                if (!event.flag) owe_all(*scope);
                break;
            case sim::events::iteration:
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
                break;
            case sim::events::task_step:
                watch_.resumed(run(), *static_cast<const model::Task*>(event.task), event.error);
                break;
            default: watch_.pass_begins(run(), *scope); break;
        }
        if (watch_.empty())
            ignore(ParkedWatch::kWanted & ~kOnceCancelled);
        else
            listen(ParkedWatch::kWanted);
    }

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override { return "No interruption: " + ParkedWatch::words(run(), wait_); }

private:
    static constexpr sim::EventMask kOnceCancelled = sim::mask_of(sim::events::task_parked, events::shield_changed);

    void owe(const model::Task& task) {
        if (!is_parked_to_be_cancelled(task)) return;
        if (const model::CancelScope* scope = cancelling_scope(task))
            watch_.owe(run(), history().cancels(), task, *scope);
    }
    void owe_all(const model::CancelScope& scope) {
        for_each_reached(scope, [this](const model::Task& task) {
            owe(task);
            return true;
        });
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(run(), wait));
    }

    ParkedWatch watch_;
    ParkedWatch::Wait wait_;
};

}  // namespace cancelsim::properties
