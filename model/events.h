// The events of anyio, beside sim/events.h.
#pragma once

#include "sim/events.h"

namespace cancelsim::model {

using sim::By;
using sim::TaskId;

/// A scope, or a group, of a run: in order of creation, from 0.
using ScopeId = sim::ObjectId;
using GroupId = sim::ObjectId;
inline constexpr ScopeId kNoScope = sim::kNoObject;

/// The purpose of a scope.
enum class Purpose : std::uint8_t {
    program,     ///< a statement made it
    group,       ///< a group's own
    group_wait,  ///< in which a group waits for its tasks
    handle,      ///< around the body of a group's task
    checkpoint,  ///< of `cancel_shielded_checkpoint`
    start,       ///< in which a cancelled `start` waits for its child's end
};

/// Why a delivery pass ran.
enum class PassCause : std::uint8_t {
    cancel,       ///< its scope was cancelled
    enter,        ///< its scope, cancelled already, was entered
    parent_exit,  ///< a scope inside was left
    unshield,     ///< a shield inside was dropped
    moved,        ///< a scope came inside
    retry,        ///< the pass before it had asked for it
    asked,        ///< the policy asked for it otherwise
};

/// Why a scope could not be left.
enum class ExitFailure : std::uint8_t {
    not_entered,    ///< it is not active
    other_task,     ///< it was entered in another task
    not_innermost,  ///< a scope that was entered after it is open
};

namespace events {

using namespace sim::events;

/// `task` was spawned in a group: after its TaskCreated.
struct TaskSpawned {
    TaskId task;
    GroupId group;
    ScopeId scope;  ///< in which it begins; kNoScope for none, with the fix `unscoped-caller`
    bool by_start;  ///< by `start`, not by `start_soon`
};
struct ScopeEntered {
    ScopeId scope;
    TaskId task;
    bool shield;
    Purpose purpose;
    sim::Time deadline;
};
/// By `__exit__` without an error of misuse.
struct ScopeLeft {
    ScopeId scope;
    TaskId task;
    const sim::Error* came_in;  ///< or null
    bool swallowed;
    bool cancelled_caught;
    std::uint32_t requests;  ///< `cancelling()` of the task now
};
/// `__exit__` raised `error` and left nothing.
struct ScopeExitFailed {
    ScopeId scope;
    TaskId task;
    ExitFailure why;
    const sim::Error* error;
};
/// The first `cancel()`, before its pass.
struct ScopeCancelled {
    ScopeId scope;
    By by;
};
/// The deadline is taken to have come: the scope will be cancelled, if it is not.
struct DeadlineReached {
    ScopeId scope;
};
struct DeadlineChanged {
    ScopeId scope;
    sim::Time deadline;
};
/// Before the pass that a dropped shield lets in.
struct ShieldChanged {
    ScopeId scope;
    bool shield;
};
/// 4.15's `_reparent`, before its pass.
struct ScopeMoved {
    ScopeId scope;
    ScopeId parent;
};
/// A pass that `scope` originates has ended.
struct PassEnded {
    ScopeId scope;
    PassCause cause;
    bool rearmed;
};
/// The library's books about a scope that was left and not entered again. Told when the second iteration after
/// that begins, ahead of its IterationBegan; when the run is at rest before; and ahead of the PassEnded of a later pass
/// of its that asks for another.
struct ScopeAudited {
    ScopeId scope;
    TaskId task;  ///< the first that is in it, or, where none is, in a scope inside it; kNobody: none
    bool timer;   ///< of its deadline, which is set
    bool pass;    ///< one of its own is scheduled
    bool held;    ///< by its parent, as a child
};
struct GroupEntered {
    GroupId group;
    ScopeId scope;  ///< its own
    TaskId task;
};
/// `__aexit__` begins.
struct GroupExitBegan {
    GroupId group;
    TaskId task;
    const sim::Error* error;  ///< that its body raised, or null
};
/// `__aexit__` ends.
struct GroupLeft {
    GroupId group;
    TaskId task;
    const sim::Error* error;  ///< that leaves it, or null
    bool gave_way;            ///< its exit was no single step
    bool body_cancelled;      ///< its body ended with a CancelledError
};
/// The done callback of `task`, which `_spawn` set, has run.
struct ChildReported {
    TaskId task;
    GroupId group;
    bool cancelled_group;
};
/// `task` was spawned in `group` by a `start` of `caller`, which waits now.
struct StartCalled {
    TaskId task;
    GroupId group;
    TaskId caller;
};
/// `task` called `started()`.
struct StartedCalled {
    TaskId task;
    bool accepted;            ///< its caller was still waiting
    const sim::Error* error;  ///< that it raised, or null
};
struct StartReturned {
    TaskId task;  ///< the child
    TaskId caller;
    const sim::Error* error;  ///< that it raises, or null
};

/// Those of this room alone.
using Own = sim::EventList<TaskSpawned, ScopeEntered, ScopeLeft, ScopeExitFailed, ScopeCancelled, DeadlineReached,
                           DeadlineChanged, ShieldChanged, ScopeMoved, PassEnded, ScopeAudited, GroupEntered,
                           GroupExitBegan, GroupLeft, ChildReported, StartCalled, StartedCalled, StartReturned>;
using All = sim::JoinEventLists<sim::events::All, Own>;

}  // namespace events

}  // namespace cancelsim::model
