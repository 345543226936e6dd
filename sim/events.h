// What the loop tells those who watch a run: sim/event_hub.h. Each event comes after what it tells of, unless it says
// otherwise. Tasks, scopes and groups are told by number, so that any subject can emit the same events.
#pragma once

#include <cstdint>

#include "sim/error.h"
#include "sim/event_hub.h"
#include "sim/timer.h"

namespace cancelsim::sim {

/// A task of a run: in order of creation, from 0.
using TaskId = std::uint32_t;
/// No task: the loop itself, or the outside world.
inline constexpr TaskId kNobody = UINT32_MAX;

/// What numbers anything else is told by, in order of creation, from 0.
using ObjectId = std::uint32_t;
inline constexpr ObjectId kNoObject = UINT32_MAX;

/// Who asked for something.
struct By {
    enum class Kind : std::uint8_t {
        program,        ///< what the task runs
        outside,        ///< the outside world
        scope,          ///< scope `id`: a delivery pass of its, or its exit
        deadline,       ///< the deadline of the scope itself
        group,          ///< the exit of group `id`, which the task is in
        child,          ///< the end of task `id`, a child of the group
        start,          ///< a `start` that the task is in, whose child is task `id`
        forwarded,      ///< a request to task `id`, which awaits this one
        timeout,        ///< `asyncio.timeout` number `id`, whose time is up
        asyncio_group,  ///< `asyncio.TaskGroup` number `id`, which aborts
        wait_for,       ///< a `wait_for` whose time is up, or that was cancelled
        again,          ///< the same group, for whoever had asked before: in place of a request that it takes back
    };
    Kind kind = Kind::program;
    TaskId task = kNobody;    ///< that ran when it was asked
    ObjectId id = kNoObject;  ///< what the kind says

    bool operator==(const By&) const = default;
};

/// What a task waits for.
enum class WaitKind : std::uint8_t {
    yield,                ///< nothing: a checkpoint
    poll,                 ///< nothing, again and again, until it is cancelled: `checkpoint_if_cancelled`
    shielded_checkpoint,  ///< nothing, under a shield: `cancel_shielded_checkpoint`
    sleep,                ///< time
    event,
    future,           ///< the program's own
    object,           ///< an object that tasks share: a lock, a queue
    task,             ///< the end of task `object`
    children,         ///< the tasks of group `object`, which it is leaving
    last_checkpoint,  ///< nothing: the checkpoint that group `object`, which it is leaving, makes where it has no tasks
    started,          ///< that task `object` calls `started()`
    child_end,        ///< the end of task `object`, by a `start` that was cancelled
    asyncio,          ///< what a `wait_for`, `shield`, `gather` or `asyncio.wait` waits for
    asyncio_children,  ///< the tasks of an `asyncio.TaskGroup`, which it is leaving; `object` is its number
};
struct Wait {
    WaitKind kind = WaitKind::yield;
    ObjectId object = kNoObject;  ///< what the kind says; of others kNoObject, or a number of the room that waits
};

namespace events {

/// An iteration begins. Time may still move in it.
struct IterationBegan {
    std::uint64_t number;  ///< from 1
};
/// An iteration begins, and virtual time has not moved in more than `kStandstill` before it.
struct TimeStoodStill {};
/// An iteration begins, for which `Clock::alarm_at` has asked.
struct AlarmRang {};
/// An iteration ended that only polled.
struct FutileIteration {
    std::uint32_t in_a_row;  ///< from 1
};
/// Its first step is scheduled.
struct TaskCreated {
    TaskId task;
    TaskId by;  ///< that ran
};
/// The task is about to run.
struct TaskResumed {
    TaskId task;
    const Error* thrown;  ///< into it, or null
};
/// The task gave way.
struct TaskParked {
    TaskId task;
    Wait wait;
    bool bare;      ///< it awaits nothing: its next step is scheduled
    bool ready;     ///< what it awaits is done: its wakeup is scheduled
    bool refuses;   ///< what it awaits cannot be cancelled
    bool forwards;  ///< it awaits a task, to which a cancellation is handed on
};
/// What the parked task waits for is done: its wakeup is scheduled.
struct TaskReady {
    TaskId task;
    bool cancelled;  ///< it was cancelled
};
struct TaskDone {
    TaskId task;
    bool cancelled;
    bool marked;             ///< cancelled by a request with a message of the library's
    const Error* error;      ///< that ended it, or null
    std::uint32_t requests;  ///< `cancelling()`
};
/// `Task.cancel()` was called.
struct CancelRequested {
    TaskId task;
    By by;
    CancelMessage message;
    bool accepted;  ///< its return: false for a task that is done
    // How the task was before.
    bool had_started;
    bool wait_was_over;  ///< what it awaited was done
    bool was_pending;    ///< an earlier request had not reached it yet
};
/// `Task.uncancel()` was called.
struct Uncancelled {
    TaskId task;
    By by;
    std::uint32_t requests;  ///< `cancelling()` now
};
/// A loop callback raised `error`.
struct CallbackFailed {
    const Error* error;
};

using All = EventList<IterationBegan, TimeStoodStill, AlarmRang, FutileIteration, TaskCreated, TaskResumed, TaskParked,
                      TaskReady, TaskDone, CancelRequested, Uncancelled, CallbackFailed>;

}  // namespace events

}  // namespace cancelsim::sim
