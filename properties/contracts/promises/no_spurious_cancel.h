// no-spurious-cancel: nobody is interrupted for a scope that does not concern him.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Judged where `cancel()` is called, not where the CancelledError arrives: in between a scope may be left or shielded,
/// and that a request cannot be taken back is asyncio's doing. A named future that several tasks wait for hands the
/// CancelledError of one to all the others: asyncio's doing too, and nobody called `cancel()` on them.
class NoSpuriousCancel final : public Contract {
public:
    struct Places {
        static constexpr Place kWaitThatIsOver{"wait that is over"};
        static constexpr Place kShieldedTask{"shielded task"};
        static constexpr Place kTaskInNoCancelledScope{"task in no cancelled scope"};
    };

    NoSpuriousCancel()
        : Contract(
              "no-spurious-cancel",
              "anyio calls `cancel()` on a task, with its own message, only while the task is effectively cancelled, "
              "and not when what the task waits for has come already") {}

    void start() {
        task_ = kNobody;
        inner_ = kNoScope;
        message_ = 0;
    }

    void on(const events::CancelRequested& event) {
        // A request that a task hands on to what it waits for is asyncio's doing, whatever its message.
        if (!event.accepted || event.message == 0 || event.by.kind == By::Kind::forwarded) return;
        if (event.by.kind == By::Kind::scope && event.wait_was_over)
            return break_at(event.task, event.message, Places::kWaitThatIsOver);
        if (world().cancelling_scope_of(event.task) == kNoScope) spurious(event.task, event.message);
    }

    std::string what_happened() const override {
        std::string text =
            moment_words(broken_at_time(), broken_at_iteration()) + ", " + words().task(task_) + " was cancelled for ";
        text[0] = 'A';
        // The message of a scope's cancellation is its id, from 1.
        text += message_ <= world().scopes() ? words().scope(message_ - 1) : "some scope";
        if (place() == Places::kWaitThatIsOver)
            return text + ", though what it waited for has come already: that is lost now.";
        if (inner_ == kNoScope) return text + ", but is in no scope at all.";
        text += ", but is not effectively cancelled: its innermost scope is " + words().scope(inner_);
        return text + (place() == Places::kShieldedTask ? ", and a shield keeps cancellations from outside away."
                                                        : ", and neither that nor one around it is cancelled.");
    }

private:
    void spurious(TaskId task, sim::CancelMessage message) {
        inner_ = world().task(task).innermost;
        for (ScopeId at = inner_; at != kNoScope; at = world().scope(at).parent)
            if (world().scope(at).shield) return break_at(task, message, Places::kShieldedTask);
        break_at(task, message, Places::kTaskInNoCancelledScope);
    }
    void break_at(TaskId task, sim::CancelMessage message, Place place) {
        task_ = task;
        message_ = message;
        fail(place);
    }

    TaskId task_ = kNobody;
    ScopeId inner_ = kNoScope;  ///< the task's innermost scope
    sim::CancelMessage message_ = 0;
};

}  // namespace cancelsim::properties
