// deferred-self-delivery: who cancels a scope from inside is interrupted when it next waits.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"

namespace cancelsim::properties {

/// A pass never interrupts the task that runs it: it must come back for that task.
class DeferredSelfDelivery final : public Contract {
public:
    DeferredSelfDelivery()
        : Contract(
              "deferred-self-delivery",
              "a task that cancels a scope that covers it is interrupted where it next gives way, within 2 iterations, "
              "time standing still") {}

    static constexpr sim::EventMask kAtFirst = sim::mask_of(events::cancel);
    static constexpr sim::EventMask kHears = kAtFirst | ParkedWatch::kWanted | sim::mask_of(sim::events::task_parked);

    void start() {
        watch_.reset();
        canceller_ = nullptr;
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        switch (event.kind) {
            case events::cancel: {
                const auto* task = static_cast<const model::Task*>(event.task);
                if (task == nullptr || !covers(*static_cast<const model::CancelScope*>(event.subject), *task)) return;
                canceller_ = task;
                return listen(sim::mask_of(sim::events::task_parked));
            }
            case sim::events::task_parked: parked(*event.task, event.subject == nullptr); break;
            case sim::events::iteration:
                if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
                break;
            case sim::events::task_step:
                watch_.resumed(run(), *static_cast<const model::Task*>(event.task), event.error);
                break;
            case events::deliver: watch_.passed(run(), *static_cast<const model::CancelScope*>(event.subject)); break;
            default: watch_.restart_bounds(run()); break;
        }
        if (watch_.empty())
            ignore(ParkedWatch::kWanted);
        else
            listen(ParkedWatch::kWanted);
    }

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override {
        return "The one that called `cancel()` is still to be interrupted: " + ParkedWatch::words(run(), wait_);
    }

private:
    void parked(const sim::Task& task, bool bare_yield) {
        // The canceller may have left the scope since, or sit under a shield, or wait for what refuses to be cancelled.
        const model::CancelScope* scope = cancelling_scope(*canceller_);
        if (&task == canceller_ && scope != nullptr && (bare_yield || is_parked_to_be_cancelled(*canceller_)))
            watch_.owe(run(), history().cancels(), *canceller_, *scope);
        canceller_ = nullptr;
        ignore(sim::mask_of(sim::events::task_parked));
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(run(), wait));
    }

    ParkedWatch watch_;
    const model::Task* canceller_ = nullptr;  ///< the running task, where it has cancelled a scope that covers it
    ParkedWatch::Wait wait_;
};

}  // namespace cancelsim::properties
