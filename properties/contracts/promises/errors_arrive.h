// errors-arrive: no child fails unheard.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"
#include "properties/world/by_id.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

/// An error that ends a child before `started()` belongs to whoever waits in `start`; any other to the group. What is
/// looked for is the exception object itself, by its leaves where it is a group: a scope may have taken cancellations
/// out of it.
class ErrorsArrive final : public Contract {
public:
    struct Places {
        static constexpr Place kChildSpawnedAsItsGroupWasLeft{"child spawned as its group was left"};
        static constexpr Place kAfterTheGroupWasLeft{"after the group was left"};
        static constexpr Place kGroupNotCancelledForItsBody{"group not cancelled for its body"};
        static constexpr Place kBodyErrorLeftOutOfTheGroup{"body's error, left out of the group"};
        static constexpr Place kBodyErrorBare{"body's error, bare"};
        static constexpr Place kTwiceInTheGroup{"twice in the group"};
        static constexpr Place kGroupNotCancelled{"group not cancelled"};
        static constexpr Place kGroupNoLongerCancelled{"group no longer cancelled"};
        static constexpr Place kEndedByACancelledStart{"ended by a cancelled start"};
        static constexpr Place kStartWasCancelledAsTheChildFailed{"start was cancelled as the child failed"};
        static constexpr Place kGroupExitWasCancelled{"group's exit was cancelled"};
        static constexpr Place kLeftOutOfTheGroup{"left out of the group"};
    };

    ErrorsArrive()
        : Contract("errors-arrive",
                   "each ordinary error that leaves a child or the body of a group is raised once, by the `start` that "
                   "waits for the child or in the group's exception group, and a group in which a child or the body "
                   "failed is cancelled until it is left") {}

    using Dormant = sim::EventList<events::ChildReported, events::ShieldChanged, events::TaskParked>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        failures_.clear();
        failure_of_.clear();
        unseen_bodies_ = 0;
        starting_.clear();
        broken_ = 0;
    }

    void on(const events::TaskDone& event) {
        if (event.error != nullptr) done(event.task, *event.error);
    }
    void on(const events::GroupExitBegan& event) {
        if (event.error != nullptr) body_failed(event.group, event.task, *event.error);
    }
    void on(const events::TaskParked& event) { host_waits(event.task); }
    void on(const events::GroupLeft& event) { left(event.group, event.error); }
    void on(const events::StartCalled& event) { starting_.add(event.task); }
    void on(const events::StartReturned& event) { start_returned(event.task, event.error); }
    void on(const events::ChildReported& event) { reported(event.task); }
    void on(const events::ShieldChanged& event) {
        if (event.shield) shielded();
    }

    std::string what_happened() const override;

private:
    struct Failure {
        const sim::Error* error;
        GroupId group;
        TaskId task;           ///< the child, or the group's host
        bool in_body = false;  ///< it left the group's body
        std::uint64_t iteration = 0;
        sim::Time time = 0;
        bool reported = false;  ///< the done callback of `task` has run
        bool raised_by_start = false;
        bool arrived = false;  ///< in its group's exception group
        bool judged = false;   ///< its group was left, with it or without
    };

    void done(TaskId task, const sim::Error& error) {
        const GroupId group = world().task(task).group;
        if (group == kNoGroup || !has_ordinary_leaf(error)) return;
        failures_.push_back({&error, group, task, false, iteration(), time()});
        failure_of_[task] = static_cast<std::uint32_t>(failures_.size());
        listen<events::ChildReported, events::ShieldChanged>();
        if (world().group(group).left && !starting_.has(task))
            break_at(failures_.size() - 1, world().left_behind(task) ? Places::kChildSpawnedAsItsGroupWasLeft
                                                                     : Places::kAfterTheGroupWasLeft);
    }

    void body_failed(GroupId group, TaskId host, const sim::Error& error) {
        if (!has_ordinary_leaf(error)) return;
        failures_.push_back({&error, group, host, true, iteration(), time()});
        ++unseen_bodies_;
        listen<events::TaskParked, events::ShieldChanged>();
    }

    /// The exit of a group whose body failed has given way: by then it has cancelled the group.
    void host_waits(TaskId host) {
        for (std::size_t i = 0; unseen_bodies_ != 0 && i < failures_.size(); ++i) {
            Failure& failure = failures_[i];
            if (!failure.in_body || failure.reported || failure.judged || failure.task != host) continue;
            failure.reported = true;
            --unseen_bodies_;
            if (!is_cancelled(failure.group)) return break_at(i, Places::kGroupNotCancelledForItsBody);
        }
    }

    void start_returned(TaskId task, const sim::Error* error) {
        starting_.remove(task);
        const std::uint32_t* found = failure_of_.find(task);
        if (found == nullptr || *found == 0) return;
        Failure& failure = failures_[*found - 1];
        raised_.assign(error);
        failure.raised_by_start = count_ordinary_leaves(*failure.error, raised_).least > 0;
        if (!failure.raised_by_start && !failure.arrived && world().group(failure.group).left)
            break_at(*found - 1, place_of_loss(failure, nullptr));
    }

    void left(GroupId group, const sim::Error* error) {
        if (failures_.empty()) return;
        raised_.assign(error);
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            Failure& failure = failures_[i];
            if (failure.group != group || failure.judged) continue;
            failure.judged = true;
            if (failure.in_body && !failure.reported) --unseen_bodies_;
            const LeafCounts counts = count_ordinary_leaves(*failure.error, raised_);
            if (failure.in_body && counts.least == 0) return break_at(i, Places::kBodyErrorLeftOutOfTheGroup);
            if (failure.in_body && error->kind != sim::ErrorKind::group) return break_at(i, Places::kBodyErrorBare);
            if (counts.most > 1 && is_more_than_failed(failure)) return break_at(i, Places::kTwiceInTheGroup);
            failure.arrived = counts.least > 0;
            if (!failure.arrived && !failure.raised_by_start && !starting_.has(failure.task))
                return break_at(i, place_of_loss(failure, error));
        }
    }

    /// Whether what was left last holds some error of `failure` more often than tasks and the body of its group ended
    /// with it: who waits for a task of asyncio's raises its error once more. What start() raised is the body's.
    bool is_more_than_failed(const Failure& failure) const {
        bool more = false;
        for_each_leaf(*failure.error, [&](const sim::Error& leaf) {
            std::uint32_t failed = 0;
            for (const Failure& each : failures_)
                if (each.group == failure.group && !each.raised_by_start)
                    for_each_leaf(*each.error, [&](const sim::Error& other) { failed += &other == &leaf ? 1 : 0; });
            more = more || (!leaf.is_cancelled() && raised_.count(leaf) > failed);
        });
        return more;
    }

    void reported(TaskId task) {
        const std::uint32_t* found = failure_of_.find(task);
        if (found == nullptr || *found == 0) return;
        Failure& failure = failures_[*found - 1];
        // What ends a child before `started()` is for the caller of `start` to answer: it cancels nothing.
        const World::Handshake handshake = world().task(task).handshake;
        failure.reported = handshake == World::Handshake::none || handshake == World::Handshake::said;
        if (failure.reported && !is_cancelled(failure.group)) break_at(*found - 1, Places::kGroupNotCancelled);
    }

    void shielded() {
        for (std::size_t i = 0; i < failures_.size(); ++i) {
            const Failure& failure = failures_[i];
            if (failure.reported && !failure.judged && !is_cancelled(failure.group))
                return break_at(i, Places::kGroupNoLongerCancelled);
        }
    }

    Place place_of_loss(const Failure& failure, const sim::Error* left_with) const {
        if (world().left_behind(failure.task)) return Places::kChildSpawnedAsItsGroupWasLeft;
        const World::Handshake handshake = world().task(failure.task).handshake;
        if (handshake == World::Handshake::abandoned) return Places::kEndedByACancelledStart;
        if (handshake == World::Handshake::ended) return Places::kStartWasCancelledAsTheChildFailed;
        if (left_with != nullptr && left_with->is_cancelled()) return Places::kGroupExitWasCancelled;
        return Places::kLeftOutOfTheGroup;
    }

    bool is_cancelled(GroupId group) const { return world().cancelling_scope(world().group(group).scope) != kNoScope; }

    void break_at(std::size_t failure, Place place) {
        broken_ = failure;
        fail(place);
    }

    std::vector<Failure> failures_;
    LeafIndex raised_;                 ///< by what was left last
    std::uint32_t unseen_bodies_ = 0;  ///< failures of bodies whose groups may still be running on uncancelled
    ById<std::uint32_t> failure_of_;   ///< by task: 1 more than the index of its failure, or 0
    IdSet starting_;                   ///< the tasks for which a `start` waits
    std::size_t broken_ = 0;
};

inline std::string ErrorsArrive::what_happened() const {
    const Failure& failure = failures_[broken_];
    const std::string group = words().group(failure.group);
    const std::string now = moment_words(broken_at_time(), broken_at_iteration());
    const std::string error = words().outcome(failure.error);
    if (failure.in_body) {
        const std::string body = "The body of " + group + " ended with " + error + " " +
                                 moment_words(failure.time, failure.iteration) + ". ";
        if (place() == Places::kBodyErrorBare)
            return body + "It left the group " + now + " as it is, in no exception group.";
        if (place() == Places::kBodyErrorLeftOutOfTheGroup)
            return body + "The group was left " + now + " without it: nobody hears of the error.";
        return body + "The group is not cancelled " + now + ": its tasks live on.";
    }
    std::string text = words().task(failure.task) + " of " + group + " ended with " + error + " " +
                       moment_words(failure.time, failure.iteration) + ". ";
    text[0] = 'T';  // begins a sentence
    if (place() == Places::kChildSpawnedAsItsGroupWasLeft)
        return text +
               "It had been spawned when its group's exit had begun, and did not wait for it: nobody hears of the "
               "error.";
    if (place() == Places::kAfterTheGroupWasLeft)
        return text + "The group had been left by then, and nobody hears of the error.";
    if (place() == Places::kTwiceInTheGroup)
        return text + "The exception group that left " + group + " " + now + " holds it twice.";
    if (place() == Places::kGroupNotCancelled)
        return text + "Its done callback ran " + now + " and did not leave the group cancelled: its siblings live on.";
    if (place() == Places::kGroupNoLongerCancelled)
        return text + "The group was left to the cancellation of a scope around it, and " + now +
               " a shield cut it off from that: its siblings live on.";
    text += "The group was left without it";
    if (place() == Places::kEndedByACancelledStart)
        text += ", and the `start` that waited for the task, and was cancelled, did not raise it either";
    if (place() == Places::kStartWasCancelledAsTheChildFailed)
        text +=
            ": it was handed to the `start` that waited for the task, which was natively cancelled in the same moment";
    if (place() == Places::kGroupExitWasCancelled) text += ": a cancellation reached the group's last checkpoint";
    return text + ". It was lost for good " + now + ".";
}

}  // namespace cancelsim::properties
