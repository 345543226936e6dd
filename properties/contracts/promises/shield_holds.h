// shield-holds: a shield keeps cancellations away, and only as long as it is up.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"
#include "properties/contracts/reach.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

class ShieldHolds final : public Contract {
public:
    ShieldHolds()
        : Contract("shield-holds",
                   "no pass cancels a task that its scope does not cover, and no cancelled `start` a child under a "
                   "shield; dropping a shield resumes delivery within 2 iterations") {}

    using Dormant = sim::EventList<events::IterationBegan, events::TaskResumed, events::PassEnded>;

    void start() {
        watch_.reset();
        scope_ = nullptr;
        task_ = nullptr;
    }

    void on(const events::CancelRequested& event) {
        const model::Task& cancelled = task(event.task);
        if (event.by.kind == sim::By::Kind::scope && !covers(scope(event.by.id), cancelled))
            break_at(cancelled, scope(event.by.id));
        if (event.by.kind == sim::By::Kind::start && event.accepted) look_for_shield(cancelled);
    }
    void on(const events::ShieldChanged& event) {
        watch_.restart_bounds(run());
        if (!event.shield) dropped(scope(event.scope));
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

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(run())) break_at(*wait);
    }

    std::string what_happened() const override {
        if (task_ == nullptr)
            return "A shield was dropped, but delivery did not resume: " + ParkedWatch::words(run(), wait_);
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        if (place() == "cancelled start")
            return text + "a `start` that was cancelled ended its child, " + task_words(run(), *task_) +
                   ", by asyncio's own `cancel()`, which went through the shield of " + scope_words(run(), *scope_) +
                   ".";
        text += "a pass of " + scope_words(run(), *scope_) + " called `cancel()` on " + task_words(run(), *task_);
        if (place() == "past a shield") return text + ", though a shield is between them.";
        if (place() == "past a cancelled scope")
            return text + ", though a scope between them has a cancellation of its own.";
        return text + ", which is not in it.";
    }

private:
    void look_after_bounds() {
        if (watch_.empty())
            ignore(Dormant{});
        else
            listen(Dormant{});
    }
    void look_for_shield(const model::Task& child) {
        // What is around the child is not between it and its `start`.
        const model::CancelScope* around =
            child.handle != nullptr ? child.handle->cancel_scope : child.group->cancel_scope;
        for (const model::CancelScope* at = innermost_scope(child); at != nullptr && at != around;
             at = at->parent_scope) {
            if (!at->shield) continue;
            scope_ = at;
            task_ = &child;
            fail("cancelled start");
            return;
        }
    }

    /// Owes an interruption to each task that waits behind the shield that `scope` was, and is cancelled from outside
    /// it.
    void dropped(const model::CancelScope& scope) {
        if (scope.cancel_called) return;
        for_each_reached(scope, [this](const model::Task& task) {
            if (!is_parked_to_be_cancelled(task)) return true;
            if (const model::CancelScope* cancelling = cancelling_scope(task))
                watch_.owe(run(), history().cancels(), task, *cancelling);
            return true;
        });
    }

    void break_at(const model::Task& task, const model::CancelScope& scope) {
        scope_ = &scope;
        task_ = &task;
        for (const model::CancelScope* at = innermost_scope(task); at != nullptr && at != &scope;
             at = at->parent_scope) {
            if (at->shield) return fail("past a shield");
            if (at->cancel_called) return fail("past a cancelled scope");
        }
        fail("task outside the scope");
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(run(), wait));
    }

    ParkedWatch watch_;
    ParkedWatch::Wait wait_;
    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
