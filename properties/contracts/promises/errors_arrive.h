// errors-arrive: no child fails unheard.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/history.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

/// An error that ends a child before `started()` belongs to whoever waits in `start`; any other to the group. What is
/// looked for is the exception object itself, by its leaves where it is a group: a scope may have taken cancellations
/// out of it.
class ErrorsArrive final : public Contract {
public:
    ErrorsArrive()
        : Contract("errors-arrive",
                   "each ordinary error that leaves a child is raised once, by the `start` that waits for the child or "
                   "in its "
                   "group's exception group, and a group in which a child failed stays cancelled until it is left") {}

    static constexpr sim::EventMask kAtFirst =
        sim::mask_of(sim::events::task_done, events::group_left, events::start_called, events::start_returned);
    static constexpr sim::EventMask kHears = kAtFirst | sim::mask_of(events::task_left_group, events::shield_changed);
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        failures_.clear();
        starting_.clear();
        left_.clear();
        broken_ = 0;
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto* task = static_cast<const model::Task*>(event.task);
        switch (event.kind) {
            case sim::events::task_done:
                if (event.error != nullptr) done(*task, *event.error);
                break;
            case events::group_left: left(*static_cast<const model::TaskGroup*>(event.subject), event.error); break;
            case events::start_called: starting_.add(task->id); break;
            case events::start_returned: start_returned(*task, event.error); break;
            case events::task_left_group: reported(*task); break;
            default:
                if (event.flag) shielded();
                break;
        }
    }

    std::string what_happened() const override;

private:
    struct Failure {
        const sim::Error* error;
        const model::TaskGroup* group;
        const model::Task* task;
        std::uint64_t iteration = 0;
        sim::Time time = 0;
        bool reported = false;  ///< the done callback of `task` has run
        bool raised_by_start = false;
        bool arrived = false;  ///< in its group's exception group
        bool judged = false;   ///< its group was left, with it or without
    };

    void done(const model::Task& task, const sim::Error& error) {
        if (task.group == nullptr || !has_ordinary_leaf(error)) return;
        failures_.push_back({&error, task.group, &task, run().iteration(), run().now()});
        listen(sim::mask_of(events::task_left_group, events::shield_changed));
        if (left_.has(task.group->cancel_scope->id) && !starting_.has(task.id))
            break_at(failures_.size() - 1, history().spawns().left_behind(task) ? "child spawned as its group was left"
                                                                                : "after the group was left");
    }

    void start_returned(const model::Task& task, const sim::Error* error) {
        starting_.remove(task.id);
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            Failure& failure = failures_[i];
            if (failure.task != &task) continue;
            failure.raised_by_start = count_ordinary_leaves(*failure.error, error).least > 0;
            if (!failure.raised_by_start && !failure.arrived && left_.has(failure.group->cancel_scope->id))
                break_at(i, place_of_loss(failure, nullptr));
            return;
        }
    }

    void left(const model::TaskGroup& group, const sim::Error* error) {
        left_.add(group.cancel_scope->id);
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            Failure& failure = failures_[i];
            if (failure.group != &group || failure.judged) continue;
            failure.judged = true;
            const LeafCounts counts = count_ordinary_leaves(*failure.error, error);
            if (counts.most > 1) return break_at(i, "twice in the group");
            failure.arrived = counts.least > 0;
            if (!failure.arrived && !failure.raised_by_start && !starting_.has(failure.task->id))
                return break_at(i, place_of_loss(failure, error));
        }
    }

    void reported(const model::Task& task) {
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            Failure& failure = failures_[i];
            if (failure.task != &task) continue;
            // What ends a child before `started()` is for the caller of `start` to answer: it
            // cancels nothing.
            const sim::Future* status = task.task_status_future;
            failure.reported = status == nullptr || (!status->cancelled() && status->exception == nullptr);
            if (failure.reported && cancelling_scope(failure.group->cancel_scope) == nullptr)
                break_at(i, "group not cancelled");
            return;
        }
    }

    void shielded() {
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            const Failure& failure = failures_[i];
            if (failure.reported && !failure.judged && cancelling_scope(failure.group->cancel_scope) == nullptr)
                return break_at(i, "group no longer cancelled");
        }
    }

    std::string_view place_of_loss(const Failure& failure, const sim::Error* left_with) const {
        if (history().spawns().left_behind(*failure.task)) return "child spawned as its group was left";
        const sim::Future* status = failure.task->task_status_future;
        if (status != nullptr && status->cancelled()) return "ended by a cancelled start";
        if (status != nullptr && status->exception != nullptr) return "start was cancelled as the child failed";
        if (left_with != nullptr && left_with->is_cancelled()) return "group's exit was cancelled";
        return "left out of the group";
    }

    void break_at(std::size_t failure, std::string_view place) {
        broken_ = failure;
        fail(place);
    }

    std::vector<Failure> failures_;
    IdSet starting_;  ///< the tasks for which a `start` waits
    IdSet left_;      ///< the scopes of groups that were left
    std::size_t broken_ = 0;
};

inline std::string ErrorsArrive::what_happened() const {
    const Failure& failure = failures_[broken_];
    const std::string group = "group `" + run().label_text(failure.group->label) + "`";
    std::string text = task_words(run(), *failure.task) + " of " + group + " ended with " +
                       run().outcome_text(failure.error) + " " + moment_words(failure.time, failure.iteration) + ". ";
    text[0] = 'T';  // begins a sentence
    const std::string now = moment_words(broken_at_time(), broken_at_iteration());
    if (place() == "child spawned as its group was left")
        return text +
               "It had been spawned when its group's exit had begun, and did not wait for it: nobody hears of the "
               "error.";
    if (place() == "after the group was left")
        return text + "The group had been left by then, and nobody hears of the error.";
    if (place() == "twice in the group")
        return text + "The exception group that left " + group + " " + now + " holds it twice.";
    if (place() == "group not cancelled")
        return text + "Its done callback ran " + now + " and did not leave the group cancelled: its siblings live on.";
    if (place() == "group no longer cancelled")
        return text + "The group was left to the cancellation of a scope around it, and " + now +
               " a shield cut it off from that: its siblings live on.";
    text += "The group was left without it";
    if (place() == "ended by a cancelled start")
        text += ", and the `start` that waited for the task, and was cancelled, did not raise it either";
    if (place() == "start was cancelled as the child failed")
        text +=
            ": it was handed to the `start` that waited for the task, which was natively cancelled in the same moment";
    if (place() == "group's exit was cancelled") text += ": a cancellation reached the group's last checkpoint";
    return text + ". It was lost for good " + now + ".";
}

}  // namespace cancelsim::properties
