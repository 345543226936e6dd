#include "sim/asyncio/taskgroups.h"

#include <cassert>

namespace cancelsim::sim::asyncio {

/// The frame of `__aexit__`.
struct GroupExit : Frame {
    TaskGroup* group;
    Error* exc;
    Error* propagate_cancellation_error;
    Future completed;

    enum : std::uint32_t { entered, waiting };

    Poll run(Loop& loop, Resume with);
    Poll finish(Loop& loop);
    /// If there are no pending cancellations left, don't propagate CancelledError.
    void take_own_cancellation_back(Loop& loop) {
        if (!group->parent_cancel_requested) return;
        loop.uncancel(*group->parent_task, loop.by(By::Kind::asyncio_group, group->id));
        if (group->parent_task->num_cancels_requested == 0) propagate_cancellation_error = nullptr;
    }
};

Poll GroupExit::run(Loop& loop, Resume with) {
    if (at == entered) {
        group->exiting = true;
        propagate_cancellation_error = exc != nullptr && exc->is_cancelled() ? exc : nullptr;
        if (!loop.python().group_uncancels_after_joining) take_own_cancellation_back(loop);
        // Our parent task is being cancelled, or there's an exception in "async with"
        if (exc != nullptr && !group->aborting) group->abort(loop);
    } else {
        if (with.thrown != nullptr && !group->aborting) {
            // Our parent task is being cancelled while a child is still running.
            propagate_cancellation_error = with.thrown;
            group->abort(loop);
        }
        group->on_completed_fut = nullptr;
    }
    if (group->tasks.empty()) return finish(loop);
    completed = {};
    group->on_completed_fut = &completed;
    at = waiting;
    return Poll::awaiting(completed);
}

Poll GroupExit::finish(Loop& loop) {
    if (loop.python().group_uncancels_after_joining) take_own_cancellation_back(loop);
    // Propagate CancelledError if there is one, except if there are other errors -- those have priority.
    if (propagate_cancellation_error != nullptr && group->errors.count == 0)
        return Poll::raised(*loop.raise(propagate_cancellation_error));

    if (exc != nullptr && !exc->is_cancelled()) group->errors.append(loop.arena(), *exc);
    if (group->errors.count == 0) return Poll::returned();
    // If the parent task is being cancelled from the outside of the taskgroup, un-cancel and re-cancel the parent task,
    // which will keep the cancel count stable.
    if (loop.python().group_cancels_parent_again && group->parent_task->num_cancels_requested != 0) {
        loop.uncancel(*group->parent_task, loop.by(By::Kind::asyncio_group, group->id));
        loop.cancel_task(*group->parent_task, 0, loop.by(By::Kind::again, group->id));
    }
    Error* raised = loop.raise(new_exception_group(loop.arena(), group->errors.items, group->errors.count));
    group->errors = {};
    return Poll::raised(*raised);
}

void TaskGroup::enter(Loop& loop) {
    assert(parent_task == nullptr);
    parent_task = loop.current_task();
}

Frame& TaskGroup::exit(Loop& loop, Error* exc) {
    auto& frame = *loop.arena().make<GroupExit>();
    frame.group = this;
    frame.exc = exc;
    static constexpr FrameType kType{
        [](Loop& running, Task&, Frame& self, Resume with) { return static_cast<GroupExit&>(self).run(running, with); },
        nullptr, "asyncio.TaskGroup.__aexit__"};
    frame.type = &kType;
    return frame;
}

Error* TaskGroup::create_task(Loop& loop, Task& task, Frame& coro) {
    // It has not been entered, is finished, or is shutting down.
    if (parent_task == nullptr || (exiting && tasks.empty()) || aborting) return loop.raise(ErrorKind::runtime_error);
    loop.start_task(task, coro);
    Member& member = *loop.arena().make<Member>(Member{this, &task});
    loop.add_done_callback(task, {&on_task_done, &member});
    tasks.add(member);
    return nullptr;
}

void TaskGroup::abort(Loop& loop) {
    aborting = true;
    // Once a group: its first task tells it from all others.
    const auto name = [this] {
        return Question{.kind = ChoiceKind::set_order, .set = kGroupTasks, .binding = tasks.first()->task->id};
    };
    loop.in_set_order(tasks, name, [this, &loop](Member& member) {
        if (!member.task->done()) loop.cancel_task(*member.task, 0, loop.by(By::Kind::asyncio_group, id));
    });
}

const CallbackName TaskGroup::kOnTaskDoneName{&on_task_done, "task-of-asyncio-group-done"};

void TaskGroup::on_task_done(Loop& loop, void* argument) {
    Member& member = *static_cast<Member*>(argument);
    TaskGroup& group = *member.group;
    group.tasks.discard(member);
    if (group.on_completed_fut != nullptr && group.tasks.empty() && !group.on_completed_fut->done())
        loop.set_result(*group.on_completed_fut);

    if (member.task->cancelled() || member.task->exception == nullptr) return;
    group.errors.append(loop.arena(), *member.task->exception);
    // The parent's end is told to the loop's exception handler, which is nobody's business here.
    if (group.parent_task->done()) return;
    if (!group.aborting && !group.parent_cancel_requested) {
        // The parent is cancelled to abort whatever it runs right now; `__aexit__` takes that back.
        group.abort(loop);
        group.parent_cancel_requested = true;
        loop.cancel_task(*group.parent_task, 0, loop.by(By::Kind::asyncio_group, group.id));
    }
}

}  // namespace cancelsim::sim::asyncio
