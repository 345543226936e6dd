#include "model/task_group.h"

#include <cassert>

#include "model/checkpoints.h"
#include "model/exception_group.h"
#include "model/native_cancels.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

struct GroupExit : sim::Frame {
    TaskGroup* group;
    Error* exc_val;
    Error* body_exc;  ///< what `exc_val` was at first
    CancelScope* wait_scope;
    std::uint32_t native_cancels_met;  ///< when it began; only with Fix::asks_again_for_native_cancel

    enum : std::uint32_t { entered, waiting, checkpointing };

    Poll run(Kernel& kernel, Task& task, Resume with);
    Poll wait_for_next(Kernel& kernel, Task& task);
    void set_cancellation(Kernel& kernel, Error* cancellation);
    bool brings_native(Kernel& kernel, const Error& cancellation) const;
    Error* defer_cancellation(Kernel& kernel, Error* exc);
    Poll finish(Kernel& kernel, Error* exc);
    Poll leave(Kernel& kernel, Poll outcome);
};

/// `async def __aexit__`
Poll GroupExit::run(Kernel& kernel, Task& task, Resume with) {
    switch (at) {
        case entered:
            kernel.emit(events::GroupExitBegan{group->id, task.id, exc_val});
            if (exc_val != nullptr) {
                if (!kernel.has(Bug::body_error_cancels_nobody) || exc_val->is_cancelled())
                    group->cancel_scope->cancel(kernel, kernel.by(By::Kind::group, group->id));
                if (!exc_val->is_cancelled()) {
                    if (group->exceptions_deleted)
                        return leave(kernel, Poll::raised(*kernel.raise(ErrorKind::attribute_error)));
                    group->exceptions.append(kernel.arena(), *exc_val);
                }
            }

            native_cancels_met = model::native_cancels_met(kernel, task);
            if (group->tasks != 0 || kernel.has(Fix::waits_for_late_children)) {
                wait_scope = &kernel.new_scope(sim::kInfinity, false, Purpose::group_wait);
                wait_scope->enter(kernel);
            }
            if (group->tasks != 0) return wait_for_next(kernel, task);
            // If there are no child tasks to wait on, run at least one checkpoint anyway
            if (kernel.has(Bug::empty_group_does_not_yield)) [[unlikely]]
                return finish(kernel, nullptr);
            at = checkpointing;
            task.waits_for = {sim::WaitKind::last_checkpoint, group->id};
            return kernel.call(task, cancel_shielded_checkpoint(kernel));

        case checkpointing:
            if (!kernel.has(Fix::waits_for_late_children)) return finish(kernel, with.thrown);
            [[fallthrough]];
        default:
            if (with.thrown != nullptr) {
                const bool native = !kernel.is_anyio_cancellation(*with.thrown);
                // Shield the scope against further cancellation attempts, as they're not productive
                // (#695)
                if (!kernel.has(Bug::waits_for_children_unshielded)) wait_scope->set_shield(kernel, true);
                if (!kernel.has(Bug::native_cancel_spares_children) || !native)
                    group->cancel_scope->cancel(kernel, kernel.by(By::Kind::group, group->id));
                if (!kernel.has(Bug::wait_for_children_drops_native_cancel) || !native)
                    set_cancellation(kernel, with.thrown);
            }
            group->on_completed_fut = nullptr;
            if (kernel.has(Bug::cancelled_wait_leaves_children) && with.thrown != nullptr) [[unlikely]]
                return finish(kernel, wait_scope->exit(kernel, nullptr).raised);
            if (group->tasks != 0) return wait_for_next(kernel, task);
            return finish(kernel, wait_scope->exit(kernel, nullptr).raised);
    }
}

/// Sets exc_val from the cancellation exception if it was previously unset. However, we should not replace a native
/// cancellation exception with one raise by a cancel scope.
void GroupExit::set_cancellation(Kernel& kernel, Error* cancellation) {
    // With the fix of #1214 one of anyio's may bring a native request too: it does not replace one that is native
    // itself.
    const bool replaces = kernel.has(Fix::asks_again_for_native_cancel)
                              ? exc_val != nullptr && kernel.is_anyio_cancellation(*exc_val)
                              : true;
    if (exc_val == nullptr || (exc_val->is_cancelled() && replaces && brings_native(kernel, *cancellation)))
        exc_val = cancellation;
}

/// Whether a CancelledError that came while the group was left is native, or, as the fix of #1214 sees, one of anyio's
/// that a native request was folded into.
bool GroupExit::brings_native(Kernel& kernel, const Error& cancellation) const {
    return !kernel.is_anyio_cancellation(cancellation) ||
           native_cancel_came(kernel, *kernel.current_task(), native_cancels_met);
}

Poll GroupExit::wait_for_next(Kernel&, Task& task) {
    task.waiter = {};
    group->on_completed_fut = &task.waiter;
    at = waiting;
    task.waits_for = {sim::WaitKind::children, group->id};
    return Poll::awaiting(task.waiter);
}

/// The fix of #1069: where no child was cancelled, a cancellation that only the waiting met is not raised. If it is
/// native, it is asked for again, and so comes at the next await.
Error* GroupExit::defer_cancellation(Kernel& kernel, Error* exc) {
    if (exc != nullptr && exc->is_cancelled()) {
        set_cancellation(kernel, exc);
        exc = nullptr;
    }
    if (exc != nullptr || exc_val == body_exc) return exc;
    if (group->child_cancelled || group->exceptions.count != 0) return nullptr;
    if (brings_native(kernel, *exc_val)) ask_again_for_native_cancel(kernel, *kernel.current_task());
    exc_val = body_exc;
    return nullptr;
}

/// From where nothing is left to wait for; `exc` is what the waiting raised, if anything.
Poll GroupExit::finish(Kernel& kernel, Error* exc) {
    if (kernel.has(Fix::leaves_group_without_cancel_point)) [[unlikely]]
        exc = defer_cancellation(kernel, exc);
    if (exc == nullptr) {
        group->active = false;
        if (group->exceptions_deleted)
            exc = kernel.raise(ErrorKind::attribute_error);
        else if (group->exceptions.count != 0)
            exc = kernel.raise(
                sim::new_exception_group(kernel.arena(), group->exceptions.items, group->exceptions.count));
        else if (exc_val != nullptr)
            exc = kernel.raise(exc_val);
        else if (kernel.has(Fix::raises_cancellation_of_children) && group->child_cancel_reason != 0) [[unlikely]]
            exc = kernel.raise(kernel.new_error(ErrorKind::cancelled, group->child_cancel_reason));
    }
    handled = exc;
    const ExitResult exit = group->cancel_scope->exit(kernel, exc);
    if (exit.raised != nullptr) return leave(kernel, Poll::raised(*exit.raised));
    if (exc != nullptr && !exit.swallow) return leave(kernel, Poll::raised(*exc));
    return leave(kernel, Poll::returned(exit.swallow));
}

/// `finally: del self._exceptions`
Poll GroupExit::leave(Kernel& kernel, Poll outcome) {
    const bool failed = outcome.kind == Poll::Kind::raised;
    handled = failed ? outcome.error : nullptr;
    if (group->exceptions_deleted) outcome = Poll::raised(*kernel.raise(ErrorKind::attribute_error));
    group->exceptions_deleted = true;
    kernel.emit(events::GroupLeft{group->id, kernel.current_task()->id,
                                  outcome.kind == Poll::Kind::raised ? outcome.error : nullptr, at != entered,
                                  body_exc != nullptr && body_exc->is_cancelled()});
    return outcome;
}

Poll resume_group_exit(sim::Loop& loop, sim::Task& task, sim::Frame& frame, Resume with) {
    return static_cast<GroupExit&>(frame).run(static_cast<Kernel&>(loop), static_cast<Task&>(task), with);
}

/// `task_done` in `_spawn`: the done callback of a group's task.
void task_done(sim::Loop& loop, void* argument) {
    Kernel& kernel = static_cast<Kernel&>(loop);
    Task& task = *static_cast<Task*>(argument);
    TaskGroup& group = *task.group;
    const bool in_no_scope = task.cancel_scope == nullptr && task.task_status_future != nullptr;
    if (!(in_no_scope && kernel.has(Fix::starts_in_no_scope_for_unscoped_caller))) {
        if (task.cancel_scope == nullptr || !task.cancel_scope->tasks.contains(task)) {
            kernel.callback_error(kernel.raise(ErrorKind::assertion_error));
            return;
        }
        if (!kernel.has(Bug::done_task_stays_in_scope)) task.cancel_scope->tasks.discard(task);
    }
    assert(task.done() && group.tasks > 0);
    --group.tasks;
    task.has_state = false;
    task.cancel_scope = nullptr;

    const bool cancelled_before = group.cancel_scope->cancel_called;
    const bool wakes_host = !kernel.has(Bug::last_child_wakes_nobody) || !cancelled_before;
    if (group.on_completed_fut != nullptr && group.tasks == 0 && !group.on_completed_fut->done() && wakes_host)
        kernel.set_result(*group.on_completed_fut);

    const bool failed = task.cancelled() || task.exception != nullptr;
    Error* exc = failed ? kernel.take_exception(task) : nullptr;
    sim::CancelMessage cancel_reason = task.cancelled() ? exc->message : 0;  // for the fix of #1070 only
    if (task.cancelled())
        while (exc->context != nullptr && exc->context->is_cancelled()) {
            exc = exc->context;
            if (exc->message != 0) cancel_reason = exc->message;
        }

    sim::Future* status = task.task_status_future;
    if (exc != nullptr) {
        // The future can only be in the cancelled state if the host task was cancelled, so return
        // immediately instead of adding one more CancelledError to the exceptions list
        if (status != nullptr && status->cancelled() && !kernel.has(Bug::cancelled_start_cancels_group)) {
        } else if (status == nullptr || status->done()) {
            const bool lost = kernel.has(Bug::drops_error_after_cancel) && cancelled_before;
            if (exc->is_cancelled()) {
                group.child_cancelled = true;
                if (cancel_reason != 0) group.child_cancel_reason = cancel_reason;
            } else if (!lost) {
                if (group.exceptions_deleted) {
                    kernel.callback_error(kernel.raise(ErrorKind::attribute_error));
                    return;
                }
                group.exceptions.append(kernel.arena(), *exc);
            }
            if (!group.cancel_scope->effectively_cancelled(kernel) || kernel.has(Fix::child_error_always_cancels_group))
                group.cancel_scope->cancel(kernel, kernel.by(By::Kind::child, task.id));
        } else {
            kernel.set_exception(*status, *exc);
        }
    } else if (status != nullptr && !status->done()) {
        // Child exited without calling task_status.started()
        kernel.set_exception(*status, *kernel.new_error(ErrorKind::runtime_error));
    }
    kernel.emit(events::ChildReported{task.id, group.id, group.cancel_scope->cancel_called && !cancelled_before});
}
const sim::CallbackName kTaskDoneName{&task_done, "task-done"};

void hash_group_exit(StateHash& hash, const sim::Frame& base) {
    const auto& frame = static_cast<const GroupExit&>(base);
    hash.add_group(frame.group);
    hash.add_error(frame.exc_val);
    hash.add_error(frame.body_exc);
    hash.add((frame.wait_scope == nullptr ? 0 : frame.wait_scope->id + 1) |
             static_cast<std::uint64_t>(frame.native_cancels_met) << 32);
}

constexpr sim::FrameType kGroupExit{&resume_group_exit, &hash_with<&hash_group_exit>, "anyio.TaskGroup.__aexit__"};

}  // namespace

Error* TaskGroup::enter(Kernel& kernel) {
    if (kernel.version().group_entered_once) {
        if (entered) return kernel.raise(ErrorKind::runtime_error);  // cannot be entered more than once
        entered = true;
    }
    if (Error* error = cancel_scope->enter(kernel)) return error;
    active = true;
    kernel.emit(events::GroupEntered{id, cancel_scope->id, kernel.current_task()->id});
    return nullptr;
}

sim::Frame& TaskGroup::exit(Kernel& kernel, Error* exc_val) {
    auto& frame = *kernel.arena().make<GroupExit>();
    frame.group = this;
    frame.exc_val = frame.body_exc = exc_val;
    frame.type = &kGroupExit;
    return frame;
}

bool TaskGroup::accepts_tasks(const Kernel& kernel) const {
    const bool is_active = kernel.version().group_entered_once ? entered && cancel_scope->active : active;
    return is_active || kernel.has(Bug::left_group_takes_tasks);
}

Error* TaskGroup::start_soon(Kernel& kernel, sim::Frame& coro) {
    // This task group is not active; no new tasks can be started.
    if (!accepts_tasks(kernel)) return kernel.raise(ErrorKind::runtime_error);
    spawn(kernel, coro, nullptr);
    return nullptr;
}

Task& TaskGroup::spawn(Kernel& kernel, sim::Frame& coro, sim::Future* task_status_future) {
    Task& task = kernel.new_task();
    sim::Frame* outermost = &coro;
    if (kernel.version().task_handles) task.handle = &new_task_handle(kernel, coro, outermost);
    kernel.start_task(task, *outermost);

    // Make the spawned task inherit the initial cancel scope
    task.has_state = true;
    task.cancel_scope = cancel_scope;
    if (task_status_future != nullptr && kernel.version().start_under_caller) {
        const Task& caller = *kernel.current_task();
        CancelScope* around_caller = caller.has_state ? caller.cancel_scope : nullptr;
        // The caller may be an unmanaged task (no task state)
        if (around_caller != nullptr || kernel.has(Fix::starts_in_no_scope_for_unscoped_caller))
            task.cancel_scope = around_caller;
    }
    if (task.cancel_scope != nullptr) task.cancel_scope->tasks.add(task);
    ++tasks;
    task.group = this;
    task.task_status_future = task_status_future;
    kernel.add_done_callback(task, {&task_done, &task});
    const ScopeId begins_in = task.cancel_scope != nullptr ? task.cancel_scope->id : kNoScope;
    kernel.emit(events::TaskSpawned{task.id, id, begins_in, task_status_future != nullptr});
    return task;
}

}  // namespace cancelsim::model
