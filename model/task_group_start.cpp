// TaskGroup.start, and the task status.
#include "model/exception_group.h"
#include "model/kernel.h"
#include "model/state_hash.h"

namespace cancelsim::model {

using sim::ErrorKind;
using sim::Poll;
using sim::Resume;

namespace {

struct GroupStart : sim::Frame {
    TaskGroup* group;
    sim::Frame* coro;
    Task* task;           ///< the one that was started
    Error* cancellation;  ///< the exception that ended the wait for `started()`
    CancelScope* shield;

    enum : std::uint32_t { entered, waiting_for_started, waiting_for_end };

    /// Whether it ends the child through its handle, not by a native cancel.
    static bool uses_handle(const Kernel& kernel) {
        return kernel.version().task_handles && !kernel.has(Bug::cancels_started_child_natively);
    }
    Poll run(Kernel& kernel, Task& host, Resume with);
    Poll wait_for_end(Kernel& kernel, Task& host);
    Error* error_of_child(Kernel& kernel) const;
    Error* passed_by_suppress(Kernel& kernel, Error* error);
    Poll finish(Kernel& kernel, Error* error);
    Poll leave(Kernel& kernel, Poll outcome);
};

/// `async def start`
Poll GroupStart::run(Kernel& kernel, Task& host, Resume with) {
    switch (at) {
        case entered: {
            if (!group->accepts_tasks(kernel)) return Poll::raised(*kernel.raise(ErrorKind::runtime_error));
            sim::Future& future = *kernel.arena().make<sim::Future>();
            task = &group->spawn(kernel, *coro, &future);
            kernel.emit(events::StartCalled{task->id, group->id, host.id});
            at = waiting_for_started;
            host.waits_for = {sim::WaitKind::started, task->id};
            return Poll::awaiting(future);
        }

        // If the task raises an exception after sending a start value without a switch point
        // between, the task group is cancelled and this method never proceeds to process the
        // completed future. That's why we have to have a shielded cancel scope here.
        case waiting_for_started: {
            if (with.thrown == nullptr) return leave(kernel, Poll::returned());
            const bool handles = uses_handle(kernel);
            const bool cancel_child = handles ? task->handle->pending() : with.thrown->is_cancelled();
            if (!cancel_child) {
                handled = cancellation = with.thrown;
                Error* lost = error_of_child(kernel);
                return leave(kernel, Poll::raised(lost != nullptr ? *lost : *cancellation));
            }

            // Cancel the task and wait for it to exit before returning
            handled = cancellation = with.thrown;
            if (handles)
                task->handle->cancel(kernel, kernel.by(By::Kind::start, task->id));
            else
                kernel.cancel_task(*task, 0, kernel.by(By::Kind::start, task->id));
            if (kernel.has(Bug::cancelled_start_leaves_child)) [[unlikely]]
                return leave(kernel, Poll::raised(*cancellation));
            shield = &kernel.new_scope(sim::kInfinity, true, Purpose::start);
            shield->enter(kernel);
            at = waiting_for_end;
            return wait_for_end(kernel, host);
        }

        default:
            if (uses_handle(kernel)) {
                event_wait_ends(task->handle->finished_event, host);
                if (with.thrown != nullptr && kernel.has(Fix::cancelled_start_keeps_waiting) &&
                    !task->handle->finished_event.is_set) {
                    cancellation = with.thrown;
                    return wait_for_end(kernel, host);
                }
                return finish(kernel, with.thrown);
            }
            return finish(kernel, passed_by_suppress(kernel, with.thrown));
    }
}

Poll GroupStart::wait_for_end(Kernel& kernel, Task& host) {
    // A pending handle's event is not set, so that this always parks.
    if (uses_handle(kernel)) {
        const Poll poll = event_wait(kernel, task->handle->finished_event, host);
        host.waits_for = {sim::WaitKind::child_end, task->id};
        return poll;
    }
    host.waits_for = {sim::WaitKind::child_end, task->id};
    if (!task->done()) return Poll::awaiting(*task);
    Error* error = kernel.take_exception(*task);
    if (error != nullptr) kernel.raise(error);
    return finish(kernel, passed_by_suppress(kernel, error));
}

/// `with suppress(CancelledError)` around what raised `error`, or null: what leaves it, or null.
Error* GroupStart::passed_by_suppress(Kernel& kernel, Error* error) {
    if (error == nullptr || error->is_cancelled()) return nullptr;
    if (error->kind != ErrorKind::group || !kernel.python().suppress_splits_groups) return error;
    Error* rest = split_cancellations(kernel, error).rest;
    if (rest == nullptr) return nullptr;
    handled = error;
    kernel.raise(rest);
    handled = cancellation;
    return rest;
}

/// The fix `start-error`: what ended the child before it called `started()`, if that is an error and start() was
/// cancelled, so that nobody hears of it; or null.
Error* GroupStart::error_of_child(Kernel& kernel) const {
    if (!kernel.has(Fix::cancelled_start_raises_error_of_child) || !cancellation->is_cancelled()) return nullptr;
    const sim::Future& status = *task->task_status_future;
    const bool before_started = status.cancelled() || status.exception != nullptr;
    return before_started && task->exception != nullptr ? kernel.raise(task->exception) : nullptr;
}

/// Leaves the shielded scope with `error`, or null, and then raises the cancellation again.
Poll GroupStart::finish(Kernel& kernel, Error* error) {
    // Nobody else can leave or cancel that scope: leaving it neither raises nor swallows.
    shield->exit(kernel, error);
    if (Error* lost = error_of_child(kernel)) error = lost;
    return leave(kernel, Poll::raised(error != nullptr ? *error : *cancellation));
}

Poll GroupStart::leave(Kernel& kernel, Poll outcome) {
    kernel.emit(events::StartReturned{task->id, kernel.current_task()->id,
                                      outcome.kind == Poll::Kind::raised ? outcome.error : nullptr});
    return outcome;
}

/// Bug::starts_under_shield: with CancelScope(shield=True): await start(...)
struct ShieldedStart : sim::Frame {
    sim::Frame* start;
    CancelScope* scope;

    Poll run(Kernel& kernel, Task& host, Resume with) {
        if (at == 0) {
            scope = &kernel.new_scope(sim::kInfinity, true, Purpose::start);
            scope->enter(kernel);
            at = 1;
            return kernel.call(host, *start);
        }
        scope->exit(kernel, with.thrown);
        return Poll::ended(with.thrown);
    }
};

Poll resume_start(sim::Loop& loop, sim::Task& task, sim::Frame& frame, Resume with) {
    return static_cast<GroupStart&>(frame).run(static_cast<Kernel&>(loop), static_cast<Task&>(task), with);
}

Poll resume_shielded_start(sim::Loop& loop, sim::Task& task, sim::Frame& frame, Resume with) {
    return static_cast<ShieldedStart&>(frame).run(static_cast<Kernel&>(loop), static_cast<Task&>(task), with);
}

void hash_start(StateHash& hash, const sim::Frame& base) {
    const auto& frame = static_cast<const GroupStart&>(base);
    hash.add_group(frame.group);
    hash.refer(frame.task);
    hash.add_error(frame.cancellation);
    hash.refer(frame.shield);
}

void hash_shielded_start(StateHash& hash, const sim::Frame& base) {
    hash.refer(static_cast<const ShieldedStart&>(base).scope);
}

constexpr sim::FrameType kStart{&resume_start, &hash_with<&hash_start>, "anyio.TaskGroup.start"};
constexpr sim::FrameType kShieldedStart{&resume_shielded_start, &hash_with<&hash_shielded_start>,
                                        "anyio.TaskGroup.start under a shield"};

sim::Frame& under_shield(Kernel& kernel, sim::Frame& start) {
    auto& frame = *kernel.arena().make<ShieldedStart>();
    frame.start = &start;
    frame.type = &kShieldedStart;
    return frame;
}

}  // namespace

sim::Frame& TaskGroup::start(Kernel& kernel, sim::Frame& coro) {
    auto& frame = *kernel.arena().make<GroupStart>();
    frame.group = this;
    frame.coro = &coro;
    frame.type = &kStart;
    if (kernel.has(Bug::starts_under_shield)) [[unlikely]]
        return under_shield(kernel, frame);
    return frame;
}

Error* started(Kernel& kernel) {
    Task& task = *kernel.current_task();
    sim::Future& future = *task.task_status_future;
    const bool waiting = !future.done();
    if (waiting) kernel.set_result(future);
    Error* error = nullptr;
    if (!waiting && !future.cancelled() && !kernel.has(Bug::second_started_is_silent))
        error = kernel.raise(ErrorKind::runtime_error);  // called 'started' twice on the same task status
    kernel.emit(events::StartedCalled{task.id, waiting, error});
    if (waiting && kernel.version().start_under_caller)
        task.handle->cancel_scope->reparent(kernel, *task.group->cancel_scope);
    return error;
}

}  // namespace cancelsim::model
