// shield-holds: a shield keeps cancellations away, and only as long as it is up.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/parked_watch.h"

namespace cancelsim::properties {

class ShieldHolds final : public Contract {
public:
    struct Places {
        static constexpr Place kCancelledStart{"cancelled start"};
        static constexpr Place kPastAShield{"past a shield"};
        static constexpr Place kPastACancelledScope{"past a cancelled scope"};
        static constexpr Place kInAShieldedCheckpoint{"in a shielded checkpoint"};
        static constexpr Place kTaskOutsideTheScope{"task outside the scope"};
    };

    ShieldHolds()
        : Contract(
              "shield-holds",
              "no pass cancels a task that its scope does not cover, nor one in `cancel_shielded_checkpoint`, and no "
              "cancelled `start` a child under a shield; dropping a shield resumes delivery within 2 iterations") {}

    using Dormant = sim::EventList<events::IterationBegan, events::TaskResumed, events::PassEnded>;

    void start() {
        watch_.reset();
        scope_ = kNoScope;
        task_ = kNobody;
    }

    void on(const events::CancelRequested& event) {
        if (event.by.kind == By::Kind::scope && !world().covers(event.by.id, event.task))
            return break_at(event.task, event.by.id);
        const World::Task& told = world().task(event.task);
        // Its shield is the library's own, and may be missing.
        if (event.by.kind == By::Kind::scope && told.parked && told.wait.kind == sim::WaitKind::shielded_checkpoint) {
            scope_ = event.by.id;
            task_ = event.task;
            return fail(Places::kInAShieldedCheckpoint);
        }
        if (event.by.kind == By::Kind::start && event.accepted) look_for_shield(event.task);
    }
    void on(const events::ShieldChanged& event) {
        watch_.restart_bounds(world());
        if (!event.shield) dropped(event.scope);
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

    void end() {
        if (const ParkedWatch::Wait* wait = watch_.endless(world(), info())) break_at(*wait);
    }

    std::string what_happened() const override {
        if (task_ == kNobody)
            return "A shield was dropped, but delivery did not resume: " + ParkedWatch::words(words(), wait_);
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        if (place() == Places::kCancelledStart)
            return text + "a `start` that was cancelled ended its child, " + words().task(task_) +
                   ", by asyncio's own `cancel()`, which went through the shield of " + words().scope(scope_) + ".";
        text += "a pass of " + words().scope(scope_) + " called `cancel()` on " + words().task(task_);
        if (place() == Places::kPastAShield) return text + ", though a shield is between them.";
        if (place() == Places::kInAShieldedCheckpoint) return text + ", which was in `cancel_shielded_checkpoint`.";
        if (place() == Places::kPastACancelledScope)
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
    void look_for_shield(TaskId child) {
        // What is around the child, its handle's scope or else its group's, is not between it and its `start`.
        const ScopeId of_group = world().group(world().task(child).group).scope;
        for (ScopeId at = world().task(child).innermost; at != kNoScope && at != of_group;
             at = world().scope(at).parent) {
            const World::Scope& scope = world().scope(at);
            if (scope.host == child && scope.purpose == model::Purpose::handle) return;
            if (!scope.shield) continue;
            scope_ = at;
            task_ = child;
            return fail(Places::kCancelledStart);
        }
    }

    /// Owes an interruption to each task that waits behind the shield that `scope` was, and is cancelled from outside
    /// it.
    void dropped(ScopeId scope) {
        if (world().scope(scope).cancelled) return;
        for (TaskId task = 0; task < world().tasks(); ++task) {
            if (!world().task(task).can_be_interrupted() || !world().reaches(scope, task)) continue;
            const ScopeId cancelling = world().cancelling_scope_of(task);
            if (cancelling != kNoScope) watch_.owe(world(), task, cancelling);
        }
    }

    void break_at(TaskId task, ScopeId scope) {
        scope_ = scope;
        task_ = task;
        for (ScopeId at = world().task(task).innermost; at != kNoScope && at != scope; at = world().scope(at).parent) {
            if (world().scope(at).shield) return fail(Places::kPastAShield);
            if (world().scope(at).cancelled) return fail(Places::kPastACancelledScope);
        }
        fail(Places::kTaskOutsideTheScope);
    }
    void break_at(const ParkedWatch::Wait& wait) {
        wait_ = wait;
        fail(ParkedWatch::place_of(world(), info(), wait));
    }

    ParkedWatch watch_;
    ParkedWatch::Wait wait_;
    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
