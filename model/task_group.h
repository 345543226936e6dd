// anyio's TaskGroup on asyncio, and the handles of its tasks.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class TaskGroup`; 4.14.2 and 4.15.1,
// src/anyio/_core/_tasks.py, `class TaskHandle`.
#pragma once

#include "model/cancel_scope.h"
#include "model/event.h"

namespace cancelsim::model {

struct TaskGroup {
    CancelScope* cancel_scope = nullptr;
    bool active = false;              ///< `_active`, up to 4.13
    bool entered = false;             ///< `_entered`, from 4.14 on
    bool exceptions_deleted = false;  ///< `__aexit__` ends with `del self._exceptions`: any use after that fails
    sim::ErrorList exceptions;
    // For the fixes of #1069 and #1070 only.
    bool child_cancelled = false;                ///< a child ended with a CancelledError
    sim::CancelMessage child_cancel_reason = 0;  ///< of the last that was anyio's
    std::uint32_t tasks = 0;                     ///< how many `_tasks` there are
    sim::Future* on_completed_fut = nullptr;
    Label label;
    GroupId id = 0;  ///< in order of creation, from 0

    /// `__aenter__`, which never waits: the exception that it raises, or null.
    Error* enter(Kernel& kernel);
    /// The frame of `__aexit__` with the exception `exc_val`, or null, to be called with
    /// `Loop::call`.
    sim::Frame& exit(Kernel& kernel, Error* exc_val);
    /// `start_soon`: the exception that it raises, or null. `coro` is the frame of the task's body.
    Error* start_soon(Kernel& kernel, sim::Frame& coro);
    /// The frame of `start`.
    sim::Frame& start(Kernel& kernel, sim::Frame& coro);

    bool accepts_tasks(const Kernel& kernel) const;
    /// `_spawn`, less the check that the group is active.
    Task& spawn(Kernel& kernel, sim::Frame& coro, sim::Future* task_status_future);
};

/// `_AsyncioTaskStatus.started()`, in the current task, which must have a task status: the
/// exception it raises, or null.
Error* started(Kernel& kernel);

/// anyio 4.14's TaskHandle: a scope around the task's coroutine and an event for its end.
struct TaskHandle {
    CancelScope* cancel_scope = nullptr;
    Event finished_event;

    bool pending() const { return !finished_event.is_set && !cancel_scope->cancel_called; }
    void cancel(Kernel& kernel, const By& by);
};

/// Makes a handle for a task whose body is `coro`, and the frame of its `_run_coro`.
TaskHandle& new_task_handle(Kernel& kernel, sim::Frame& coro, sim::Frame*& run_coro);

}  // namespace cancelsim::model
