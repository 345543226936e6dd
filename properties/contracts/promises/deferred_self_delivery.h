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
        canceller_ = kNobody;
    }

    void on(const events::ScopeCancelled& event) {
        if (event.by.task == kNobody) return;
        // One whose deadline has passed is cancelled while the task enters it: the event of that comes later.
        const bool enters = event.by.kind == By::Kind::deadline && !world().scope(event.scope).active;
        if (!enters && !world().covers(event.scope, event.by.task)) return;
        canceller_ = event.by.task;
        listen<events::TaskParked>();
    }
    void on(const events::TaskParked& event) {
        parked(event.task);
        look_after_bounds();
    }
    void on(const events::IterationBegan&) {
        if (const ParkedWatch::Wait* wait = watch_.overdue(world(), info())) return break_at(*wait);
        look_after_bounds();
    }
    void on(const events::TaskResumed& event) {
        watch_.resumed(world(), info(), event.task, event.thrown);
        look_after_bounds();
    }
    void on(const events::PassEnded& event) {
        watch_.passed(world(), event.scope);
        look_after_bounds();
    }
    void on(const events::ShieldChanged&) {
        watch_.restart_bounds(world());
        look_after_bounds();
    }

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(world(), info())) break_at(*wait);
    }

    std::string what_happened() const override {
        return "The one that called `cancel()` is still to be interrupted: " + ParkedWatch::words(words(), wait_);
    }

private:
    void look_after_bounds() {
        if (watch_.empty())
            ignore(ParkedWatch::Wanted{});
        else
            listen(ParkedWatch::Wanted{});
    }
    void parked(TaskId task) {
        // The canceller may have left the scope since, or sit under a shield, or wait for what refuses to be cancelled.
        const World::Task& waits = world().task(task);
        const ScopeId scope = world().cancelling_scope_of(task);
        if (task == canceller_ && scope != kNoScope && (waits.bare || waits.can_be_interrupted()))
            watch_.owe(world(), task, scope);
        canceller_ = kNobody;
        ignore<events::TaskParked>();
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(world(), info(), wait));
    }

    ParkedWatch watch_;
    TaskId canceller_ = kNobody;  ///< the running task, where it has cancelled a scope that covers it
    ParkedWatch::Wait wait_;
};

}  // namespace cancelsim::properties
