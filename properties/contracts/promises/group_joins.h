// group-joins: nobody outlives a group.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// The groups' own lists of tasks are not asked: what was spawned and what has ended is counted here.
class GroupJoins final : public Contract {
public:
    struct Places {
        static constexpr Place kSpawnedInAGroupThatWasLeft{"spawned in a group that was left"};
        static constexpr Place kWaitWasCancelledItsTasksWereNot{"wait was cancelled, its tasks were not"};
        static constexpr Place kLeftWithoutASchedulePoint{"left without a schedule point"};
        static constexpr Place kSpawnedInTheLastCheckpointOfAnEmptyGroup{
            "spawned in the last checkpoint of an empty group"};
        static constexpr Place kLiveTask{"live task"};
    };

    GroupJoins()
        : Contract(
              "group-joins",
              "when a group is left, each of its tasks is done, and none is spawned in it after; a cancellation that "
              "reaches its host while it waits for its tasks cancels them; leaving a group is always a schedule "
              "point") {}

    using Dormant = sim::EventList<events::TaskSpawned>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        groups_.clear();
        group_ = kNoGroup;
        task_ = kNobody;
    }

    void on(const events::TaskSpawned& event) {
        if (!world().group(event.group).left) return;
        group_ = event.group;
        task_ = event.task;
        fail(Places::kSpawnedInAGroupThatWasLeft);
    }
    void on(const events::CancelRequested& event) {
        const World::Task& host = world().task(event.task);
        if (!host.parked || host.wait.kind != sim::WaitKind::children) return;
        std::uint64_t& cancelled_in = groups_[host.wait.object].wait_cancelled_in;
        if (cancelled_in == 0) cancelled_in = iteration();
    }
    void on(const events::GroupLeft& event) { left(event.group, event.gave_way); }

    void end() {
        for (GroupId id = 0; id < groups_.size(); ++id) {
            const std::uint64_t cancelled = groups_[id].wait_cancelled_in;
            if (cancelled == 0 || world().group(id).left || iteration() == cancelled) continue;
            if (!is_cancelled(id)) return break_at_wait(id);
        }
    }

    std::string what_happened() const override {
        const Seen& seen = groups_.at(group_);
        if (place() == Places::kWaitWasCancelledItsTasksWereNot)
            return "The host of " + words().group(group_) + " was cancelled in iteration " +
                   std::to_string(seen.wait_cancelled_in) +
                   ", while it waited for its tasks. The tasks were never cancelled.";
        std::string text = words().group(group_) + " was left " + moment_words(seen.left_time, seen.left_in);
        text[0] = 'G';
        if (task_ == kNobody) return text + ", in the same step in which its exit began: no other task had a turn.";
        const std::string spawned =
            moment_words(world().task(task_).spawned_time, world().task(task_).spawned_iteration);
        if (world().task(task_).spawned == World::Spawned::group_left)
            return text + ". It still took in " + words().task(task_) + " " + spawned + ": nobody waits for that task.";
        text += ", while its " + words().task(task_) + ", which was spawned " + spawned + ", was not done";
        if (!in_last_checkpoint(task_)) return text + ".";
        return text +
               ". When the group's exit began it had no task to wait for. It only made a checkpoint, in which the task "
               "was spawned, and did not look again.";
    }

private:
    struct Seen {
        std::uint64_t wait_cancelled_in = 0;  ///< when a cancellation reached its host's wait; 0: never
        std::uint64_t left_in = 0;            ///< when it was left: for the text
        sim::Time left_time = 0;
    };

    void left(GroupId group, bool gave_way) {
        Seen& seen = groups_[group];
        seen.left_in = iteration();
        seen.left_time = time();
        if (seen.wait_cancelled_in != 0 && !is_cancelled(group)) return break_at_wait(group);
        listen(Dormant{});
        group_ = group;
        world().for_each_task_of(group, [this](TaskId task) {
            if (world().task(task).done()) return true;
            if (task_ == kNobody) task_ = task;
            // The task that the library had every chance to see is the more telling one.
            if (in_last_checkpoint(task)) return true;
            task_ = task;
            return false;
        });
        if (task_ == kNobody) {
            if (!gave_way) fail(Places::kLeftWithoutASchedulePoint);
            return;
        }
        fail(in_last_checkpoint(task_) ? Places::kSpawnedInTheLastCheckpointOfAnEmptyGroup : Places::kLiveTask);
    }

    bool is_cancelled(GroupId group) const { return world().scope(world().group(group).scope).cancelled; }
    bool in_last_checkpoint(TaskId task) const { return world().task(task).spawned == World::Spawned::last_checkpoint; }

    void break_at_wait(GroupId group) {
        group_ = group;
        fail(Places::kWaitWasCancelledItsTasksWereNot);
    }

    ById<Seen> groups_;
    GroupId group_ = kNoGroup;
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
