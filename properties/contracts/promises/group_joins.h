// group-joins: nobody outlives a group.
#pragma once

#include <algorithm>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/history.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

/// The groups' own lists of tasks are not asked: what was spawned and what has ended is counted here.
class GroupJoins final : public Contract {
public:
    GroupJoins()
        : Contract(
              "group-joins",
              "when a group is left, each of its tasks is done, and none is spawned in it after; a cancellation that "
              "reaches its host while it waits for its tasks cancels them; leaving a group is always a schedule "
              "point") {}

    using Dormant = sim::EventList<events::TaskSpawned>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        hosts_.clear();
        wait_cancelled_in_.clear();
        left_.clear();
        left_at_.clear();
        group_ = nullptr;
        task_ = nullptr;
        waits_ = nullptr;
    }

    void on(const events::GroupEntered& event) { hosts_.add(event.task); }
    void on(const events::TaskSpawned& event) { spawned(group(event.group), task(event.task)); }
    void on(const events::CancelRequested& event) {
        if (const model::CancelScope* waited = group_waited_for(task(event.task))) wait_cancelled(*waited);
    }
    void on(const events::GroupLeft& event) { left(group(event.group), event.gave_way); }

    void end() {
        for (std::size_t id = 0; id < wait_cancelled_in_.size(); ++id) {
            const std::uint64_t cancelled = wait_cancelled_in_[id];
            if (cancelled == 0 || left_.has(id) || run().iteration() == cancelled) continue;
            if (!run().scopes()[id]->cancel_called) return break_at_wait(*run().scopes()[id]);
        }
    }

    std::string what_happened() const override {
        if (waits_ != nullptr)
            return "The host of group `" + run().label_text(waits_->label) + "` was cancelled in iteration " +
                   std::to_string(*wait_cancelled_in_.find(waits_->id)) +
                   ", while it waited for its tasks. The tasks were never cancelled.";
        const auto left =
            std::find_if(left_at_.begin(), left_at_.end(), [this](const Left& each) { return each.group == group_; });
        std::string text =
            "Group `" + run().label_text(group_->label) + "` was left " + moment_words(left->time, left->iteration);
        if (task_ == nullptr) return text + ", in the same step in which its exit began: no other task had a turn.";
        const std::string spawned =
            moment_words(history().spawns().time_of(*task_), history().spawns().iteration_of(*task_));
        if (history().spawns().after_left(*task_))
            return text + ". It still took in " + task_words(run(), *task_) + " " + spawned +
                   ": nobody waits for that task.";
        text += ", while its " + task_words(run(), *task_) + ", which was spawned " + spawned + ", was not done";
        if (!history().spawns().in_last_checkpoint(*task_)) return text + ".";
        return text +
               ". When the group's exit began it had no task to wait for. It only made a checkpoint, in which the task "
               "was spawned, and did not look again.";
    }

private:
    /// When a group was left: for the text.
    struct Left {
        const model::TaskGroup* group;
        std::uint64_t iteration;
        sim::Time time;
    };

    void spawned(const model::TaskGroup& group, const model::Task& task) {
        if (!left_.has(group.cancel_scope->id)) return;
        group_ = &group;
        task_ = &task;
        fail("spawned in a group that was left");
    }

    void left(const model::TaskGroup& group, bool gave_way) {
        const model::CancelScope& scope = *group.cancel_scope;
        left_.add(scope.id);
        left_at_.push_back({&group, run().iteration(), run().now()});
        const std::uint64_t* cancelled = wait_cancelled_in_.find(scope.id);
        if (cancelled != nullptr && *cancelled != 0 && !scope.cancel_called) return break_at_wait(scope);
        listen(Dormant{});
        group_ = &group;
        history().for_each_task_of(group, [this](const model::Task& task) {
            if (task.done()) return true;
            if (task_ == nullptr) task_ = &task;
            // The task that the library had every chance to see is the more telling one.
            if (history().spawns().in_last_checkpoint(task)) return true;
            task_ = &task;
            return false;
        });
        if (task_ == nullptr) {
            if (!gave_way) fail("left without a schedule point");
            return;
        }
        fail(history().spawns().in_last_checkpoint(*task_) ? "spawned in the last checkpoint of an empty group"
                                                           : "live task");
    }

    /// The scope of the group in whose exit `host` waits for tasks; null where it does anything else.
    const model::CancelScope* group_waited_for(const model::Task& host) const {
        if (!hosts_.has(host.id) || host.fut_waiter != &host.waiter) return nullptr;
        const std::uint32_t statement = run().statement_of(host);
        if (statement == scenarios::Interpreter::kNoStatement) return nullptr;
        const scenarios::Statement& exits = run().program().statements[statement];
        if (exits.op != scenarios::Op::group) return nullptr;
        for (const model::CancelScope* at = host.cancel_scope; at != nullptr; at = at->parent_scope)
            if (at->host_task == &host && at->label.name == exits.name + 1) return at;
        return nullptr;
    }

    void wait_cancelled(const model::CancelScope& group) {
        std::uint64_t& cancelled_in = wait_cancelled_in_[group.id];
        if (cancelled_in == 0) cancelled_in = run().iteration();
    }

    void break_at_wait(const model::CancelScope& group) {
        waits_ = &group;
        fail("wait was cancelled, its tasks were not");
    }

    IdSet hosts_;                            ///< the tasks that have entered a group
    ById<std::uint64_t> wait_cancelled_in_;  ///< by a group's scope: the iteration in which a cancellation reached its
                                             ///< host's wait; 0: none did
    IdSet left_;                             ///< the scopes of groups that were left
    std::vector<Left> left_at_;
    const model::CancelScope* waits_ = nullptr;  ///< the scope of a group whose tasks were not cancelled
    const model::TaskGroup* group_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
