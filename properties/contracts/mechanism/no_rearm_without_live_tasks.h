// no-rearm-without-live-tasks: a pass goes on only for somebody.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"
#include "properties/world/effective_cancellation.h"

namespace cancelsim::properties {

class NoRearmWithoutLiveTasks final : public Contract {
public:
    NoRearmWithoutLiveTasks()
        : Contract("no-rearm-without-live-tasks",
                   "a pass re-arms only if its scope covers at least one live task, or a child that has just ended") {}

    void start() {
        scope_ = nullptr;
        done_ = nullptr;
    }

    void on(const events::PassEnded& event) {
        if (event.rearmed) look_at(scope(event.scope));
    }

    std::string what_happened() const override {
        std::string text = "The pass of " + scope_words(run(), *scope_) + " " +
                           moment_words(broken_at_time(), broken_at_iteration()) + " scheduled another pass, though ";
        if (done_ == nullptr) return text + "the scope covers no task at all.";
        text += "of the tasks that the scope covers none is live: ";
        text += task_words(run(), *done_) + " is done and was never taken out of ";
        text += inner_ == scope_ ? "it" : scope_words(run(), *inner_);
        return text + ". Nothing ends this: a done task cannot leave its scope.";
    }

private:
    void look_at(const model::CancelScope& origin) {
        const model::Task* done = nullptr;
        const bool only_done = for_each_reached(origin, [&](const model::Task& task) {
            if (!task.done() || is_just_ended(task)) return false;
            done = &task;
            return true;
        });
        // A task in a scope that was left by hand is covered without being reached: a slow look, for the rare case
        // only.
        if (!only_done || covers_a_live_task(origin)) return;
        scope_ = &origin;
        done_ = done;
        inner_ = done != nullptr ? holder_of(*done) : nullptr;
        if (done == nullptr)
            fail("no task");
        else
            fail(inner_ == &origin ? "done task" : "done task in a child scope");
    }

    /// A group takes a child out of its scope one iteration after the child has ended, by the done callback that
    /// forgets its state. Until then a pass may take it for a live one, as that of 4.13.0 does: it re-arms in vain, but
    /// no more than once.
    static bool is_just_ended(const model::Task& task) { return task.group != nullptr && task.has_state; }

    const model::CancelScope* holder_of(const model::Task& task) const {
        for (const model::CancelScope* scope : run().scopes())
            if (scope->tasks.contains(task)) return scope;
        return nullptr;
    }

    bool covers_a_live_task(const model::CancelScope& scope) const {
        for (const sim::Task* task : run().tasks())
            if (task->live() && covers(scope, static_cast<const model::Task&>(*task))) return true;
        return false;
    }

    const model::CancelScope* scope_ = nullptr;
    const model::Task* done_ = nullptr;
    const model::CancelScope* inner_ = nullptr;  ///< the one that it is in
};

}  // namespace cancelsim::properties
