// What a run has shown of objects and of asyncio's own cancellers: the part of Evidence that is about them.
#pragma once

#include <cstdint>
#include <utility>

#include "properties/contracts/promises/objects/permits.h"

namespace cancelsim::properties {

class ObjectEvidence {
public:
    void begin() {
        calls_.reset();
        permits_.reset();
        pending_.clear();
        waits_for_.clear();
        entered_pending_.clear();
        asked_in_exit_of_.clear();
        done_in_.clear();
        interrupted_.clear();
        passed_cancelled_ = overtook_ = raised_without_room_ = asked_in_exit_ = cancelled_beside_errors_ = false;
        asked_for_another_ = asked_in_wait_for_ = pending_at_timeout_ = false;
        item_dropped_ = sent_and_raised_ = interrupted_at_lock_ = notified_and_asked_ = result_beside_timeout_ = false;
    }

    /// Something was released while a task whose wait for it was cancelled had not run since.
    bool passed_cancelled() const { return passed_cancelled_; }
    /// A limiter was acquired while a task that was woken for it had not run since.
    bool overtook() const { return overtook_; }
    /// A limiter's total was raised while more tokens were out than there were.
    bool raised_without_room() const { return raised_without_room_; }
    /// The asyncio group that was left last had cancelled its own task where that waited for the group's tasks.
    bool asked_in_exit() const { return asked_in_exit_; }
    /// The asyncio group that was left last was left by errors, and its task had been asked to be cancelled by others.
    bool cancelled_beside_errors() const { return cancelled_beside_errors_; }
    /// A task was asked to be cancelled while it acquired a limiter on behalf of another.
    bool asked_for_another() const { return asked_for_another_; }
    /// The task of the `wait_for` that ended last was asked to be cancelled in it, and what that waits for was done.
    bool asked_in_wait_for() const { return asked_in_wait_for_; }
    /// A cancellation was on its way to the task when it entered the `asyncio.timeout`, or began the `wait_for`, that
    /// was left last.
    bool pending_at_timeout() const { return pending_at_timeout_; }
    /// A `receive` was cancelled when it had its item.
    bool item_dropped() const { return item_dropped_; }
    /// A `send` was cancelled while it waited with its item.
    bool sent_and_raised() const { return sent_and_raised_; }
    /// A condition's `wait` was cancelled while it took the lock back.
    bool interrupted_at_lock() const { return interrupted_at_lock_; }
    /// A condition's `wait` has raised, and its task was asked to be cancelled after it was notified.
    bool notified_and_asked() const { return notified_and_asked_; }
    /// The time of a `wait_for` was up before its task had learned that what it waits for had just ended.
    bool result_beside_timeout() const { return result_beside_timeout_; }

    // The world has heard each of these already.
    void note(const World&, const RunInfo& info, const events::ObjectMade& event) {
        calls_.on(event, info);
        permits_.on(event);
    }
    void note(const World& world, const RunInfo& info, const events::CallBegan& event);
    void note(const World& world, const RunInfo& info, const events::CallEnded& event);
    void note(const World& world, const RunInfo& info, const events::CancelRequested& event);
    void note(const World&, const RunInfo&, const events::TaskReady& event) {
        interrupted_[event.task] = event.cancelled ? 1 : 0;
        Pending& pending = pending_[event.task];
        pending.notified = pending.notified || (pending.waits == Waits::first && !event.cancelled);
    }
    void note(const World&, const RunInfo&, const events::TaskParked& event);
    void note(const World&, const RunInfo&, const events::TaskResumed& event);
    void note(const World& world, const RunInfo&, const events::TaskDone& event) {
        done_in_[event.task] = world.iteration();
    }
    void note(const World& world, const RunInfo&, const events::TimeoutEntered& event) {
        entered_pending_[event.timeout] = world.task(event.task).unarrived > 0 ? 1 : 0;
    }
    void note(const World&, const RunInfo&, const events::TimeoutBlockLeft& event) {
        pending_at_timeout_ = entered_pending_[event.timeout] != 0;
    }
    void note(const World& world, const RunInfo&, const events::WaitForBegan& event) {
        const bool pending = world.task(event.task).unarrived > 0;
        waits_for_[event.task] = {.open = true, .awaited = event.awaited, .pending = pending, .asked = pending};
    }
    void note(const World& world, const RunInfo&, const events::WaitForEnded& event) {
        const WaitsFor waits = std::exchange(waits_for_[event.task], {});
        pending_at_timeout_ = waits.pending;
        // Of a future no event tells whether it is done.
        asked_in_wait_for_ = waits.asked && (waits.awaited == kNobody || world.task(waits.awaited).done());
    }
    void note(const World& world, const RunInfo&, const events::AsyncioGroupBlockLeft& event) {
        const bool errors = event.error != nullptr && event.error->kind == sim::ErrorKind::group;
        asked_in_exit_ = asked_in_exit_of_[event.group] != 0;
        cancelled_beside_errors_ = errors && world.task(event.task).requests > 0;
    }

private:
    struct WaitsFor {
        bool open = false;
        TaskId awaited = kNobody;
        bool pending = false;  ///< a cancellation was on its way when it began
        bool asked = false;
    };

    /// Whether a call waits for what it is about: a condition for a notification, a stream for an item or room.
    enum class Waits : std::uint8_t {
        not_yet,
        first,
        over,  ///< it did: what it waits for then is something else
    };
    /// A call that a task is in.
    struct Pending {
        Waits waits = Waits::not_yet;
        bool asked = false;        ///< it was asked to be cancelled while it waited
        bool overtaken = false;    ///< the same, when what it waited for had come already
        bool notified = false;     ///< what it waited for first has come
        bool asked_after = false;  ///< it was asked to be cancelled after that
    };

    /// The task is asked to be cancelled, or was before its call began.
    void asked(TaskId id);
    /// Whether one that is acquiring a limiter has its token, or is woken to take it: where that is free, it takes it
    /// at once, and returns after a checkpoint.
    static bool has_token(const World::Task& task) {
        return task.parked && (task.ready || task.wait.kind == sim::WaitKind::shielded_checkpoint);
    }
    /// Calls `visit(task)` for each that is acquiring what `object` stands for.
    template <class Visit>
    void for_each_acquiring(ObjectId object, Visit visit) const {
        calls_.for_each_running([&](TaskId task, const ObjectCalls::Running& call) {
            if (call.call == Call::acquire && calls_.object(call.object).lock == calls_.object(object).lock)
                visit(task);
        });
    }

    ObjectCalls calls_;
    Permits permits_;
    ById<Pending> pending_;  ///< by task
    ById<WaitsFor> waits_for_;
    ById<std::uint8_t> entered_pending_;   ///< by timeout: a cancellation was on its way
    ById<std::uint8_t> asked_in_exit_of_;  ///< by asyncio group
    ById<std::uint64_t> done_in_;          ///< by task: the iteration in which it ended
    ById<std::uint8_t> interrupted_;       ///< by task: what it waits for was cancelled, and it has not run since
    bool passed_cancelled_ = false;
    bool overtook_ = false;
    bool raised_without_room_ = false;
    bool asked_in_exit_ = false;
    bool cancelled_beside_errors_ = false;
    bool asked_for_another_ = false;
    bool asked_in_wait_for_ = false;
    bool pending_at_timeout_ = false;
    bool item_dropped_ = false;
    bool sent_and_raised_ = false;
    bool interrupted_at_lock_ = false;
    bool notified_and_asked_ = false;
    bool result_beside_timeout_ = false;
};

}  // namespace cancelsim::properties
