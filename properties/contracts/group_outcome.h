// group-outcome: what a group raises tells whether its work was interrupted.
#pragma once

#include "properties/by_id.h"
#include "properties/contract.h"
#include "properties/contracts/errors.h"
#include "properties/words.h"

namespace cancelsim::properties {

/// What a group raises comes to its own scope first, which may swallow it: it is looked at there. How a child ended is
/// taken from its task, not from what the group noted.
class GroupOutcome final : public Contract {
public:
    GroupOutcome()
        : Contract("group-outcome",
                   "where nothing failed, leaving a group raises a cancellation of anyio's if and only if its body or "
                   "one of its tasks ended with one") {}

    static constexpr sim::EventMask kAtFirst =
        sim::mask_of(events::task_left_group, events::scope_left, events::group_left);
    static constexpr sim::EventMask kHears = kAtFirst;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        interrupted_.clear();
        group_ = nullptr;
        raised_ = nullptr;
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        switch (event.kind) {
            case events::task_left_group: ended(*static_cast<const model::Task*>(event.task)); break;
            case events::scope_left:
                scope_ = static_cast<const model::CancelScope*>(event.subject);
                raised_ = event.error;
                break;
            default: left(*static_cast<const model::TaskGroup*>(event.subject), event.value != 0); break;
        }
    }

    std::string what_happened() const override {
        const std::string group = "`" + run().label_text(group_->label) + "`";
        const std::string now = moment_words(broken_at_time(), broken_at_iteration());
        if (raised_ != nullptr)
            return "The exit of group " + group + " raised " + run().outcome_text(raised_) + " " + now +
                   ", though its body and all its tasks were done and none of them had been interrupted.";
        const model::Task& task = *interrupted_.find(group_->cancel_scope->id)->ours;
        std::string text = task_words(run(), task) + " of group " + group +
                           " was interrupted. The exit of the group raised nothing " + now +
                           ": what follows it goes on as if the work had been done.";
        text[0] = 'T';  // begins a sentence
        return text;
    }

private:
    /// Tasks of one group that ended with a CancelledError.
    struct Interrupted {
        const model::Task* any = nullptr;   ///< the last one
        const model::Task* ours = nullptr;  ///< the last one whose CancelledError was anyio's
    };

    void ended(const model::Task& task) {
        if (!task.cancelled()) return;
        // What ends a child before `started()` is for the caller of `start` to hear of.
        const sim::Future* status = task.task_status_future;
        if (status != nullptr && (status->cancelled() || status->exception != nullptr)) return;
        Interrupted& interrupted = interrupted_[task.group->cancel_scope->id];
        interrupted.any = &task;
        // A task that was cancelled in its last step, and returned from it, is cancelled without an exception.
        if (task.end_error != nullptr ? is_ours(*task.end_error) : task.cancel_message != 0) interrupted.ours = &task;
    }

    void left(const model::TaskGroup& group, bool body_interrupted) {
        const Interrupted& interrupted = interrupted_[group.cancel_scope->id];
        if (scope_ != group.cancel_scope) return;
        group_ = &group;
        if (raised_ == nullptr) {
            if (interrupted.ours != nullptr) fail("raised nothing, though a task was interrupted");
        } else if (raised_->is_cancelled() && is_ours(*raised_)) {
            if (!body_interrupted && interrupted.any == nullptr) fail("raised, though nothing was interrupted");
        }
    }

    ById<Interrupted> interrupted_;              ///< by the group's scope
    const model::CancelScope* scope_ = nullptr;  ///< the last that was left
    const sim::Error* raised_ = nullptr;         ///< into it
    const model::TaskGroup* group_ = nullptr;    ///< where it broke
};

}  // namespace cancelsim::properties
