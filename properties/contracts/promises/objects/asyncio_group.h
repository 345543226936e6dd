// asyncio-group: an asyncio.TaskGroup keeps what a structured group promises.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/errors.h"
#include "properties/contracts/promises/objects/block_requests.h"

namespace cancelsim::properties {

/// A cancellation from outside is one that reaches the group's task in the block, or that was on its way to it when the
/// block was entered, and that nobody has taken back. One that the program swallowed in the block is the program's.
/// Other errors go before it: then the task must be interrupted again where it next waits.
class AsyncioGroup final : public Contract {
public:
    struct Places {
        static constexpr Place kTookATaskAfterItWasLeft{"took a task after it was left"};
        static constexpr Place kLiveTask{"live task"};
        static constexpr Place kErrorDidNotArrive{"error did not arrive"};
        static constexpr Place kLeftByAnErrorOfNobody{"left by an error of nobody"};
        static constexpr Place kTaskNotCancelledAfterAnError{"task not cancelled after an error"};
        static constexpr Place kCancellationFromOutsideLost{"cancellation from outside lost"};
        static constexpr Place kCancellationFromOutsideLostBesideErrors{"cancellation from outside lost beside errors"};
    };

    AsyncioGroup()
        : Contract("asyncio-group",
                   "when an `asyncio.TaskGroup` is left, each of its tasks is done, and none is taken after; the first "
                   "error of a task or the body cancels the others, each error arrives, and a cancellation from "
                   "outside goes on") {}

    using Dormant =
        sim::EventList<events::CancelRequested, events::Uncancelled, events::TaskResumed, events::TaskDone,
                       events::AsyncioGroupTook, events::AsyncioGroupExitBegan, events::AsyncioGroupBlockLeft>;

    void start() {
        groups_.clear();
        members_.clear();
        open_.clear();
        group_ = sim::kNoObject;
        task_ = kNobody;
        error_ = nullptr;
        again_.clear();
    }

    void on(const events::AsyncioGroupEntered& event) {
        Group& group = groups_[event.group];
        group = {};
        group.requests.enter(world(), event.task);
        open_.push_back(event.group);
        listen(Dormant{});
    }
    void on(const events::AsyncioGroupTook& event) {
        members_[event.task] = {.group = event.group};
        if (!groups_[event.group].requests.open) break_at(Places::kTookATaskAfterItWasLeft, event.group, event.task);
        groups_[event.group].tasks.push_back(event.task);
    }
    void on(const events::CancelRequested& event) {
        if (!event.accepted) return;
        const bool of_group = event.by.kind == By::Kind::asyncio_group;
        for (const sim::ObjectId id : open_)
            if (groups_[id].requests.task == event.task)
                groups_[id].requests.requested(event.by, By::Kind::asyncio_group, id);
        if (event.by.kind == By::Kind::again) again_[event.task] = iteration();
        if (const Member* member = members_.find(event.task);
            of_group && member != nullptr && member->group == event.by.id)
            members_[event.task].asked = true;
    }
    void on(const events::Uncancelled& event) {
        for (const sim::ObjectId id : open_)
            if (groups_[id].requests.task == event.task)
                groups_[id].requests.undone(event, By::Kind::asyncio_group, id);
    }
    void on(const events::TaskResumed& event) {
        for (const sim::ObjectId id : open_) {
            Group& group = groups_[id];
            if (group.requests.task != event.task) continue;
            group.requests.resumed();
            // Where the group waits for its tasks.
            if (group.exit_began && event.thrown != nullptr && event.thrown->is_cancelled() &&
                in_exit_of(event.task, id))
                group.interrupted = true;
        }
    }
    void on(const events::TaskDone& event) {
        if (members_.find(event.task) == nullptr || members_[event.task].group == sim::kNoObject) return;
        Member& member = members_[event.task];
        member.done_in = iteration();
        Group& group = groups_[member.group];
        if (!event.cancelled && event.error != nullptr && group.failed_in == 0) {
            group.failed_in = iteration();
            group.failed_time = time();
        }
    }
    void on(const events::AsyncioGroupExitBegan& event) {
        Group& group = groups_[event.group];
        group.exit_began = true;
        group.came = event.error;
        if (event.error != nullptr && group.failed_in == 0) group.failed_in = iteration();
    }
    void on(const events::AsyncioGroupBlockLeft& event) {
        std::erase(open_, event.group);
        left(event);
    }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const sim::ObjectId id : open_) {
            const Group& group = groups_[id];
            if (group.failed_in == 0) continue;
            for (const TaskId task : group.tasks)
                if (!world().task(task).done() && !members_[task].asked)
                    return break_at(Places::kTaskNotCancelledAfterAnError, id, task);
        }
    }

    std::string what_happened() const override {
        std::string text = moment_words(broken_at_time(), broken_at_iteration()) + ", ";
        text[0] = 'A';
        const std::string host = words().task(groups_.at(group_).requests.task);
        if (place() == Places::kTookATaskAfterItWasLeft)
            return text + "the asyncio group of " + host + ", which was left before, took " + words().task(task_) +
                   ": nobody waits for that task.";
        if (place() == Places::kTaskNotCancelledAfterAnError)
            return text + words().task(task_) + " of the asyncio group of " + host +
                   " had not been cancelled, though the group had an error, or its body was left by one, in "
                   "iteration " +
                   std::to_string(groups_.at(group_).failed_in) + ".";
        text += host + " left its asyncio group";
        if (place() == Places::kLiveTask) return text + ", while its " + words().task(task_) + " was not done.";
        if (place() == Places::kErrorDidNotArrive)
            return text + " with " + words().outcome(error_) + ": an error of its body or of " + words().task(task_) +
                   " is not in it.";
        if (place() == Places::kLeftByAnErrorOfNobody)
            return text + " with " + words().outcome(error_) + ", though neither its body nor a task of it had failed.";
        return text + " with " + words().outcome(error_) +
               ". The task had been cancelled from outside the group, and nobody learns of it.";
    }

private:
    struct Group {
        BlockRequests requests;
        std::vector<TaskId> tasks;
        const sim::Error* came = nullptr;  ///< to its exit
        bool exit_began = false;
        bool interrupted = false;  ///< while it waited for its tasks
        std::uint64_t failed_in =
            0;  ///< the iteration of its first error, or in which its body was left by one; 0: none
        sim::Time failed_time = 0;
    };
    struct Member {
        sim::ObjectId group = sim::kNoObject;
        bool asked = false;         ///< the group has cancelled it
        std::uint64_t done_in = 0;  ///< 0: it is not
    };

    bool in_exit_of(TaskId task, sim::ObjectId group) const {
        const World::Task& host = world().task(task);
        return host.wait.kind == sim::WaitKind::asyncio_children && host.wait.object == group;
    }

    void left(const events::AsyncioGroupBlockLeft& event) {
        Group& group = groups_[event.group];
        group.requests.open = false;
        error_ = event.error;
        leaves_.assign(event.error);
        bool failed = false;
        for (const TaskId id : group.tasks) {
            const World::Task& task = world().task(id);
            if (!task.done()) return break_at(Places::kLiveTask, event.group, id);
            if (task.end == World::End::failed) {
                failed = true;
                if (!arrived(*task.end_error)) return break_at(Places::kErrorDidNotArrive, event.group, id);
            }
            // Its done callback runs in the iteration after the first error, and cancels the others.
            const Member& member = members_[id];
            if (group.failed_in != 0 && member.done_in > group.failed_in + 1 && !member.asked)
                return break_at(Places::kTaskNotCancelledAfterAnError, event.group, id);
        }
        const bool body_failed = group.came != nullptr && !group.came->is_cancelled();
        if (body_failed && !arrived(*group.came)) return break_at(Places::kErrorDidNotArrive, event.group, event.task);
        if (!failed && !body_failed && event.error != nullptr && !event.error->is_cancelled())
            return break_at(Places::kLeftByAnErrorOfNobody, event.group, event.task);
        const bool cancelled = group.interrupted || (group.came != nullptr && group.came->is_cancelled());
        if (!cancelled || group.requests.arrived <= 0) return;
        if (event.error != nullptr && event.error->is_cancelled()) return;
        if (event.error == nullptr) return break_at(Places::kCancellationFromOutsideLost, event.group, event.task);
        // The errors go before it; it is still to come.
        if (again_[event.task] != iteration() && world().task(event.task).unarrived == 0)
            break_at(Places::kCancellationFromOutsideLostBesideErrors, event.group, event.task);
    }

    /// Whether `error`, or what it is made of, is in what leaves the group.
    bool arrived(const sim::Error& error) const {
        bool all = true;
        for_each_leaf(error, [&](const sim::Error& leaf) { all = all && leaves_.count(leaf) > 0; });
        return all;
    }

    void break_at(Place place, sim::ObjectId group, TaskId task) {
        group_ = group;
        task_ = task;
        fail(place);
    }

    ById<Group> groups_;
    ById<Member> members_;  ///< by task
    std::vector<sim::ObjectId> open_;
    ById<std::uint64_t> again_;  ///< by task: the iteration in which a group asked for a cancellation again
    LeafIndex leaves_;
    sim::ObjectId group_ = sim::kNoObject;
    TaskId task_ = kNobody;
    const sim::Error* error_ = nullptr;
};

}  // namespace cancelsim::properties
