// not-before-start: every task runs up to its first await.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// asyncio's own `cancel()` on a task that has not started ends it without running a line of it: what it was given to
/// close or to hand back is lost. anyio promises that a scope does not.
class NotBeforeStart final : public Contract {
public:
    struct Places {
        static constexpr Place kTaskThatHasNotStarted{"task that has not started"};
    };

    NotBeforeStart() : Contract("not-before-start", "a spawned task that has not started is not cancelled by a pass") {}

    void start() {
        scope_ = kNoScope;
        task_ = kNobody;
    }

    void on(const events::CancelRequested& event) {
        if (event.by.kind != By::Kind::scope || event.had_started || !event.accepted) return;
        scope_ = event.by.id;
        task_ = event.task;
        fail(Places::kTaskThatHasNotStarted);
    }

    std::string what_happened() const override {
        std::string text = "A pass of " + words().scope(scope_) + " " +
                           moment_words(broken_at_time(), broken_at_iteration()) + " called `cancel()` on a task";
        const GroupId group = world().task(task_).group;
        if (group != kNoGroup && !info().group_label(group).empty()) text += " of " + words().group(group);
        return text + " whose body had not begun to run: not one statement of it will.";
    }

private:
    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
