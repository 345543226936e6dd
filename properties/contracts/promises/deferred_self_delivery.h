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

    using Dormant = sim::JoinEventLists<ParkedWatch::Wanted, sim::EventList<events::TaskParked>>;

    void start() {
        watch_.reset();
        canceller_ = nullptr;
    }

    void on(const events::ScopeCancelled& event) {
        if (event.by.task == sim::kNobody || !covers(scope(event.scope), task(event.by.task))) return;
        canceller_ = &task(event.by.task);
        listen<events::TaskParked>();
    }
    void on(const events::TaskParked& event) {
        parked(task(event.task), event.bare);
        look_after_bounds();
    }
    void on(const events::IterationBegan&) {
        if (const ParkedWatch::Wait* wait = watch_.overdue(run())) return break_at(*wait);
        look_after_bounds();
    }
    void on(const events::TaskResumed& event) {
        watch_.resumed(run(), task(event.task), event.thrown);
        look_after_bounds();
    }
    void on(const events::PassEnded& event) {
        watch_.passed(run(), scope(event.scope));
        look_after_bounds();
    }
    void on(const events::ShieldChanged&) {
        watch_.restart_bounds(run());
        look_after_bounds();
    }

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override {
        return "The one that called `cancel()` is still to be interrupted: " + ParkedWatch::words(run(), wait_);
    }

private:
    void look_after_bounds() {
        if (watch_.empty())
            ignore(ParkedWatch::Wanted{});
        else
            listen(ParkedWatch::Wanted{});
    }
    void parked(const sim::Task& task, bool bare_yield) {
        // The canceller may have left the scope since, or sit under a shield, or wait for what refuses to be cancelled.
        const model::CancelScope* scope = cancelling_scope(*canceller_);
        if (&task == canceller_ && scope != nullptr && (bare_yield || is_parked_to_be_cancelled(*canceller_)))
            watch_.owe(run(), history().cancels(), *canceller_, *scope);
        canceller_ = nullptr;
        ignore<events::TaskParked>();
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
