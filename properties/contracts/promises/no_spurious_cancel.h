// no-spurious-cancel: nobody is interrupted for a scope that does not concern him.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/effective_cancellation.h"

namespace cancelsim::properties {

/// Judged where `cancel()` is called, not where the CancelledError arrives: in between a scope may be left or shielded,
/// and that a request cannot be taken back is asyncio's doing. A named future that several tasks wait for hands the
/// CancelledError of one to all the others: asyncio's doing too, and nobody called `cancel()` on them.
class NoSpuriousCancel final : public Contract {
public:
    NoSpuriousCancel()
        : Contract(
              "no-spurious-cancel",
              "anyio calls `cancel()` on a task, with its own message, only while the task is effectively cancelled, "
              "and not when what the task waits for has come already") {}

    void start() {
        task_ = nullptr;
        inner_ = nullptr;
        message_ = 0;
    }

    void on(const events::CancelRequested& event) {
        if (!event.accepted || event.message == 0) return;
        const model::Task& cancelled = task(event.task);
        if (event.by.kind == sim::By::Kind::scope && event.wait_was_over)
            return break_at(cancelled, event.message, "wait that is over");
        if (cancelling_scope(cancelled) == nullptr) spurious(cancelled, event.message);
    }

    std::string what_happened() const override {
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", " + task_words(run(), *task_) +
                           " was cancelled for ";
        text[0] = 'A';
        // The message of a scope's cancellation is its id, from 1.
        text += message_ <= run().scopes().size() ? scope_words(run(), *run().scopes()[message_ - 1]) : "some scope";
        if (place() == "wait that is over")
            return text + ", though what it waited for has come already: that is lost now.";
        if (inner_ == nullptr) return text + ", but is in no scope at all.";
        text += ", but is not effectively cancelled: its innermost scope is " + scope_words(run(), *inner_);
        return text + (place() == "shielded task" ? ", and a shield keeps cancellations from outside away."
                                                  : ", and neither that nor one around it is cancelled.");
    }

private:
    void spurious(const model::Task& task, sim::CancelMessage message) {
        inner_ = innermost_scope(task);
        for (const model::CancelScope* at = inner_; at != nullptr; at = at->parent_scope)
            if (at->shield) return break_at(task, message, "shielded task");
        break_at(task, message, "task in no cancelled scope");
    }
    void break_at(const model::Task& task, sim::CancelMessage message, std::string_view place) {
        task_ = &task;
        message_ = message;
        fail(place);
    }

    const model::Task* task_ = nullptr;
    const model::CancelScope* inner_ = nullptr;  ///< the task's innermost scope
    sim::CancelMessage message_ = 0;
};

}  // namespace cancelsim::properties
