// no-rearm-without-live-tasks: a pass goes on only for somebody.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"

namespace cancelsim::properties {

class NoRearmWithoutLiveTasks final : public Contract {
public:
    struct Places {
        static constexpr Place kNoTask{"no task"};
        static constexpr Place kDoneTask{"done task"};
        static constexpr Place kDoneTaskInAChildScope{"done task in a child scope"};
    };

    NoRearmWithoutLiveTasks()
        : Contract("no-rearm-without-live-tasks",
                   "a pass re-arms only if its scope covers at least one live task, or a child that has just ended") {}

    void start() {
        scope_ = kNoScope;
        done_ = kNobody;
    }

    void on(const events::PassEnded& event) {
        // Who enters a scope, or leaves one inside it, is live and in it before that is told.
        const bool crossing = event.cause == model::PassCause::parent_exit || is_being_entered(world(), event);
        if (event.rearmed && !crossing) look_at(event.scope);
    }

    std::string what_happened() const override {
        std::string text = "The pass of " + words().scope(scope_) + " " +
                           moment_words(broken_at_time(), broken_at_iteration()) + " scheduled another pass, though ";
        if (done_ == kNobody) return text + "the scope covers no task at all.";
        text += "of the tasks that the scope covers none is live: ";
        text += words().task(done_) + " is done and was never taken out of ";
        text += inner_ == scope_ ? "it" : words().scope(inner_);
        return text + ". Nothing ends this: a done task cannot leave its scope.";
    }

private:
    void look_at(ScopeId origin) {
        const TaskId host = world().scope(origin).host;
        if (host != kNobody && !world().task(host).done() && world().covers(origin, host)) return;
        TaskId done = kNobody;
        for (TaskId task = 0; task < world().tasks(); ++task) {
            const World::Task& each = world().task(task);
            // A task in a scope that was left by hand is covered without being reached.
            if (!each.done() ? world().covers(origin, task)
                             : is_just_ended(each) && reaches(world(), origin, each.innermost))
                return;
            if (!each.done() || !reaches(world(), origin, each.innermost)) continue;
            if (done == kNobody || each.innermost != origin) done = task;
        }
        scope_ = origin;
        done_ = done;
        inner_ = done != kNobody ? world().task(done).innermost : kNoScope;
        if (done == kNobody)
            fail(Places::kNoTask);
        else
            fail(inner_ == origin ? Places::kDoneTask : Places::kDoneTaskInAChildScope);
    }

    /// A group takes a child out of its scope one iteration after the child has ended, by the done callback that
    /// forgets its state. Until then a pass may take it for a live one, as that of 4.13.0 does: it re-arms in vain, but
    /// no more than once.
    static bool is_just_ended(const World::Task& task) { return task.group != kNoGroup && !task.reported; }

    ScopeId scope_ = kNoScope;
    TaskId done_ = kNobody;
    ScopeId inner_ = kNoScope;  ///< the one that it is in
};

}  // namespace cancelsim::properties
