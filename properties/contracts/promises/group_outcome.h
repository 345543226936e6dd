// group-outcome: what a group raises tells whether its work was interrupted.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/errors.h"

namespace cancelsim::properties {

/// What a group raises comes to its own scope first, which may swallow it: it is looked at there. How a child ended is
/// taken from its task, not from what the group noted.
class GroupOutcome final : public Contract {
public:
    struct Places {
        static constexpr Place kRaisedNothingThoughATaskWasInterrupted{"raised nothing, though a task was interrupted"};
        static constexpr Place kRaisedThoughNothingWasInterrupted{"raised, though nothing was interrupted"};
    };

    GroupOutcome()
        : Contract("group-outcome",
                   "where nothing failed, leaving a group raises a cancellation of anyio's if and only if its body or "
                   "one of its tasks ended with one") {}

    static constexpr bool kPresupposesBlocks = true;

    void start() {
        task_ = kNobody;
        group_ = kNoGroup;
        raised_ = nullptr;
    }

    void on(const events::ScopeLeft& event) {
        scope_ = event.scope;
        raised_ = event.came_in;
    }
    void on(const events::GroupLeft& event) { left(event.group, event.body_cancelled); }

    std::string what_happened() const override {
        const std::string group = words().group(group_);
        const std::string now = moment_words(broken_at_time(), broken_at_iteration());
        if (raised_ != nullptr)
            return "The exit of " + group + " raised " + words().outcome(raised_) + " " + now +
                   ", though its body and all its tasks were done and none of them had been interrupted.";
        std::string text = words().task(task_) + " of " + group +
                           " was interrupted. The exit of the group raised nothing " + now +
                           ": what follows it goes on as if the work had been done.";
        text[0] = 'T';  // begins a sentence
        return text;
    }

private:
    enum class Interrupted : std::uint8_t { no, otherwise, by_us };

    /// Whether `task`, if its end was reported, ended with a CancelledError, and whether that was anyio's.
    static Interrupted interrupted(const World::Task& task) {
        if (task.end != World::End::cancelled || !task.reported) return Interrupted::no;
        // What ends a child before `started()` is for the caller of `start` to hear of.
        if (task.handshake == World::Handshake::abandoned || task.handshake == World::Handshake::ended)
            return Interrupted::no;
        // A task that was cancelled in its last step, and returned from it, is cancelled without an exception.
        const bool ours = task.end_error != nullptr ? is_ours(*task.end_error) : task.ended_marked;
        return ours ? Interrupted::by_us : Interrupted::otherwise;
    }

    void left(GroupId group, bool body_interrupted) {
        if (scope_ != world().group(group).scope) return;
        if (raised_ != nullptr && (body_interrupted || !raised_->is_cancelled() || !is_ours(*raised_))) return;
        bool any = false;
        world().for_each_task_of(group, [&](TaskId task) {
            const Interrupted how = interrupted(world().task(task));
            if (how == Interrupted::by_us) task_ = task;
            any = any || how != Interrupted::no;
            return true;
        });
        group_ = group;
        if (raised_ == nullptr && task_ != kNobody) fail(Places::kRaisedNothingThoughATaskWasInterrupted);
        if (raised_ != nullptr && !any) fail(Places::kRaisedThoughNothingWasInterrupted);
        if (!broken()) task_ = kNobody;
    }

    ScopeId scope_ = kNoScope;            ///< the last that was left
    const sim::Error* raised_ = nullptr;  ///< into it
    GroupId group_ = kNoGroup;            ///< where it broke
    TaskId task_ = kNobody;               ///< one of its tasks, anyio's CancelledError ended it
};

}  // namespace cancelsim::properties
