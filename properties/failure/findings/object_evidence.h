// What a run has shown of objects and of asyncio's own cancellers: the part of Evidence that is about them.
#pragma once

#include <cstdint>
#include <utility>

#include "properties/contracts/promises/objects/permits.h"

namespace cancelsim::properties {

class ObjectEvidence {
public:
    struct Task {
        std::uint32_t asked = 0;          ///< by Call, a bit each: it was asked to be cancelled in such a call
        std::uint32_t overtaken = 0;      ///< the same, when what it waited for had come already
        bool asked_for_another = false;   ///< while it acquired a limiter on behalf of another
        bool asked_in_wait_for = false;   ///< in a `wait_for`, when what that waits for was done
        bool handed_on = false;           ///< a request to a task that waited for it was handed on to it
        bool pending_at_timeout = false;  ///< when it entered an `asyncio.timeout` or began a `wait_for`
    };

    void begin() {
        calls_.reset();
        permits_.reset();
        tasks_.clear();
        waits_for_.clear();
        interrupted_.clear();
        passed_cancelled_ = overtook_ = raised_without_room_ = asked_in_exit_ = cancelled_beside_errors_ = false;
    }

    const Task& task(TaskId id) const {
        static constexpr Task kNothing{};
        const Task* noted = tasks_.find(id);
        return noted != nullptr ? *noted : kNothing;
    }
    /// Something was released while a task whose wait for it was cancelled had not run since.
    bool passed_cancelled() const { return passed_cancelled_; }
    /// A limiter was acquired while a task that was woken for it had not run since.
    bool overtook() const { return overtook_; }
    /// A limiter's total was raised while more tokens were out than there were.
    bool raised_without_room() const { return raised_without_room_; }
    /// An asyncio group has cancelled its own task where that waited for the group's tasks.
    bool asked_in_exit() const { return asked_in_exit_; }
    /// An asyncio group was left by errors, and its task had been asked to be cancelled by others.
    bool cancelled_beside_errors() const { return cancelled_beside_errors_; }

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
    }
    void note(const World&, const RunInfo&, const events::TaskResumed& event) { interrupted_[event.task] = 0; }
    void note(const World& world, const RunInfo&, const events::TimeoutEntered& event) {
        if (world.task(event.task).unarrived > 0) tasks_[event.task].pending_at_timeout = true;
    }
    void note(const World& world, const RunInfo&, const events::WaitForBegan& event) {
        waits_for_[event.task] = {true, event.awaited, world.task(event.task).unarrived > 0};
        if (world.task(event.task).unarrived > 0) tasks_[event.task].pending_at_timeout = true;
    }
    void note(const World& world, const RunInfo&, const events::WaitForEnded& event) {
        const WaitsFor waits = std::exchange(waits_for_[event.task], {});
        // Of a future no event tells whether it is done.
        if (waits.asked && (waits.awaited == kNobody || world.task(waits.awaited).done()))
            tasks_[event.task].asked_in_wait_for = true;
    }
    void note(const World& world, const RunInfo&, const events::AsyncioGroupBlockLeft& event) {
        const bool errors = event.error != nullptr && event.error->kind == sim::ErrorKind::group;
        if (errors && world.task(event.task).requests > 0) cancelled_beside_errors_ = true;
    }

private:
    struct WaitsFor {
        bool open = false;
        TaskId awaited = kNobody;
        bool asked = false;
    };

    /// The task is asked to be cancelled, or was before its call began.
    void asked(TaskId id);
    static std::uint32_t bit(Call call) { return 1U << static_cast<unsigned>(call); }
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
    ById<Task> tasks_;
    ById<WaitsFor> waits_for_;
    ById<std::uint8_t> interrupted_;  ///< by task: what it waits for was cancelled, and it has not run since
    bool passed_cancelled_ = false;
    bool overtook_ = false;
    bool raised_without_room_ = false;
    bool asked_in_exit_ = false;
    bool cancelled_beside_errors_ = false;
};

}  // namespace cancelsim::properties
