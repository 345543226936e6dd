// group-joins: nobody outlives a group.
#pragma once

#include "properties/by_id.h"
#include "properties/contract.h"
#include "properties/history.h"
#include "properties/words.h"

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

    static constexpr sim::EventMask kAtFirst =
        sim::mask_of(events::group_entered, events::group_left, sim::events::cancel_requested);
    static constexpr sim::EventMask kHears = kAtFirst | sim::mask_of(events::spawned);
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        groups_.clear();
        hosts_.clear();
        group_ = nullptr;
        task_ = nullptr;
        waits_ = nullptr;
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        const auto* task = static_cast<const model::Task*>(event.task);
        switch (event.kind) {
            case events::group_entered: hosts_[task->id] = 1; break;
            case events::spawned: spawned(*static_cast<const model::TaskGroup*>(event.subject), *task); break;
            case sim::events::cancel_requested:
                if (const model::CancelScope* group = group_waited_for(*task)) wait_cancelled(*group);
                break;
            default: left(*static_cast<const model::TaskGroup*>(event.subject), event.flag); break;
        }
    }

    void end() {
        for (const State& state : groups_) {
            if (state.waits == nullptr || state.left || state.waits->cancel_called) continue;
            if (run().iteration() <= state.wait_cancelled_in_iteration) continue;
            waits_ = state.waits;
            return fail("wait was cancelled, its tasks were not");
        }
    }

    std::string what_happened() const override {
        if (waits_ != nullptr)
            return "The host of group `" + run().label_text(waits_->label) + "` was cancelled in iteration " +
                   std::to_string(groups_.find(waits_->id)->wait_cancelled_in_iteration) +
                   ", while it waited for its tasks. The tasks were never cancelled.";
        const State& group = *groups_.find(group_->cancel_scope->id);
        if (task_ == nullptr)
            return "Group `" + run().label_text(group_->label) + "` was left " +
                   moment_words(group.left_at_time, group.left_in_iteration) +
                   ", in the same step in which its exit began: no other task had a turn.";
        const std::string spawned =
            moment_words(history().spawns().time_of(*task_), history().spawns().iteration_of(*task_));
        std::string text = "Group `" + run().label_text(group_->label) + "` was left " +
                           moment_words(group.left_at_time, group.left_in_iteration);
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
    struct State {
        bool left = false;
        const model::CancelScope* waits = nullptr;  ///< its scope, once a cancellation reached its host's wait
        std::uint64_t wait_cancelled_in_iteration = 0;
        std::uint64_t left_in_iteration = 0;
        sim::Time left_at_time = 0;
    };

    State& state_of(const model::TaskGroup& group) { return state_of(*group.cancel_scope); }
    State& state_of(const model::CancelScope& group) { return groups_[group.id]; }

    void spawned(const model::TaskGroup& group, const model::Task& task) {
        if (!state_of(group).left) return;
        group_ = &group;
        task_ = &task;
        fail("spawned in a group that was left");
    }

    void left(const model::TaskGroup& group, bool gave_way) {
        State& state = state_of(group);
        state.left = true;
        state.left_in_iteration = run().iteration();
        state.left_at_time = run().now();
        if (state.waits != nullptr && !state.waits->cancel_called) {
            waits_ = state.waits;
            return fail("wait was cancelled, its tasks were not");
        }
        listen(sim::mask_of(events::spawned));
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
        const std::uint8_t* hosts = hosts_.find(host.id);
        if (hosts == nullptr || *hosts == 0 || host.fut_waiter != &host.waiter) return nullptr;
        const std::uint32_t statement = run().statement_of(host);
        if (statement == scenarios::Interpreter::kNoStatement) return nullptr;
        const scenarios::Statement& exits = run().program().statements[statement];
        if (exits.op != scenarios::Op::group) return nullptr;
        for (const model::CancelScope* at = host.cancel_scope; at != nullptr; at = at->parent_scope)
            if (at->host_task == &host && at->label.name == exits.name + 1) return at;
        return nullptr;
    }

    void wait_cancelled(const model::CancelScope& group) {
        State& state = state_of(group);
        if (state.waits != nullptr) return;
        state.waits = &group;
        state.wait_cancelled_in_iteration = run().iteration();
    }

    ById<State> groups_;                         ///< by the group's scope
    ById<std::uint8_t> hosts_;                   ///< the tasks that have entered a group
    const model::CancelScope* waits_ = nullptr;  ///< the scope of a group whose tasks were not cancelled
    const model::TaskGroup* group_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
