// What the interpreter of cases tells those who watch a run, beside model/events.h: the rest of
// CASES.md, "A trace". `statement` is an index of Case::statements.
#pragma once

#include <span>

#include "model/events.h"
#include "scenarios/program/object.h"

namespace cancelsim::scenarios::events {

using namespace model::events;
using model::GroupId;
using model::ScopeId;
using sim::TaskId;
/// An `asyncio.timeout` of the program's, an `asyncio.TaskGroup`: in order of creation, from 0.
using TimeoutId = sim::ObjectId;
using AsyncioGroupId = sim::ObjectId;
/// A lock, a stream, or another object that tasks share: in the order in which they were made, from 0.
using sim::ObjectId;

/// The body of `task` begins to run.
struct BodyBegan {
    TaskId task;
};
struct BodyEnded {
    TaskId task;
    const sim::Error* error;  ///< or null
};
/// A statement is about to be executed.
struct StatementBegan {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
};
/// A statement begins to wait.
struct StatementWaits {
    TaskId task;
    std::uint32_t statement;
};
/// A statement that can wait was completed.
struct StatementEnded {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;  ///< or null
};
/// A statement raised `error` without having awaited.
struct Raised {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;
};
/// A statement had nothing to refer to.
struct Skipped {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
};
struct Noted {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
};
/// The `try` that is `statement` caught `error`. In a program of the user's own, of which nobody sees the handlers:
/// `error`, a CancelledError that a request has brought, is neither raised nor handled any more where the task gives
/// way or ends; `statement` is kNoStatement.
struct Caught {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;
    bool swallows;  ///< the handler raises nothing of its own at its end
};
/// A statement is about to enter or leave a scope or a group by hand.
struct ByHand {
    TaskId task;
    std::uint32_t statement;
};
/// The block of a scope or of `fail_after` was left.
struct ScopeBlockLeft {
    TaskId task;
    ScopeId scope;
    const sim::Error* error;  ///< that leaves it, or null
};
struct GroupBlockLeft {
    TaskId task;
    GroupId group;
    const sim::Error* error;  ///< that leaves it, or null
};
/// The block of an `asyncio.timeout` was entered.
struct TimeoutEntered {
    TaskId task;
    TimeoutId timeout;
    sim::Time when;  ///< kInfinity: never; it may lie in the past
};
/// `Timeout.reschedule()`, which did not raise.
struct TimeoutRescheduled {
    TimeoutId timeout;
    sim::Time when;
};
/// `Timeout.__aexit__` begins, in its task.
struct TimeoutExitBegan {
    TimeoutId timeout;
    const sim::Error* error;  ///< that its body raised, or null
};
/// The block of an `asyncio.timeout` was left.
struct TimeoutBlockLeft {
    TaskId task;
    TimeoutId timeout;
    bool expired;
    const sim::Error* error;  ///< that leaves it, or null
};
/// The block of an `asyncio.TaskGroup` was entered.
struct AsyncioGroupEntered {
    AsyncioGroupId group;
    TaskId task;
};
/// `task` is one of the group's: after its TaskCreated.
struct AsyncioGroupTook {
    AsyncioGroupId group;
    TaskId task;
};
/// `TaskGroup.__aexit__` begins, in its task.
struct AsyncioGroupExitBegan {
    AsyncioGroupId group;
    const sim::Error* error;  ///< that its body raised, or null
};
/// The block of an `asyncio.TaskGroup` was left.
struct AsyncioGroupBlockLeft {
    TaskId task;
    AsyncioGroupId group;
    const sim::Error* error;  ///< that leaves it, or null
};
/// `asyncio.wait_for()` is called.
struct WaitForBegan {
    TaskId task;
    TaskId awaited;   ///< kNobody: a bare future
    sim::Time delay;  ///< kInfinity: None
};
/// It returned, or raised `error`.
struct WaitForEnded {
    TaskId task;
    const sim::Error* error;  ///< or null
};
/// A `gather()` was completed: the event comes after that of the statement's end.
struct Gathered {
    TaskId task;
    std::uint32_t statement;
    std::span<const sim::Error* const> results;  ///< of each task that was given: null is a result
};
/// An `asyncio.wait()` was completed: the event comes after that of the statement's end.
struct Waited {
    TaskId task;
    std::uint32_t statement;
    std::span<const TaskId> done;  ///< of those that were given, in the order named
};

/// The program's first use of an object: it was made, and before it the lock that it was given.
struct ObjectMade {
    ObjectId object;
    ObjectKind kind;
    std::int64_t amount;     ///< `value`, `tokens` or `buffer`; 0 of what has none
    std::int64_t max_value;  ///< of a semaphore; ObjectSpec::kNoMaximum: none
    ObjectId lock;           ///< of a condition: the object that is its lock; kNoObject: one of its own
};
/// A method of an object.
enum class Call : std::uint8_t {
    acquire,  ///< of a limiter also `acquire_on_behalf_of`
    acquire_nowait,
    release,  ///< of a limiter also `release_on_behalf_of`
    wait,     ///< of a condition
    notify,
    send,  ///< of a queue `put`
    send_nowait,
    receive,  ///< of a queue `get`
    receive_nowait,
    close_send,  ///< of an end that was open: closing one that is closed is no call
    close_receive,
    clone_send,
    clone_receive,
    set_tokens,
    task_done,
    join,
};
/// The program is about to call a method of an object. What the library's own methods call, such as a condition its
/// lock, is not told. `async with` calls `acquire` and `release`. A task has one call at a time.
struct CallBegan {
    TaskId task;  ///< kNobody: the outside world
    ObjectId object;
    Call call;
    std::int64_t amount;     ///< `n` of notify, INT64_MAX for all; the new total of set_tokens; of others 0
    std::uint32_t borrower;  ///< of a limiter: twice a task's number, or one more than twice a name's; of others 0
};
/// The call that `task` began last returned, or raised `error`.
struct CallEnded {
    TaskId task;
    const sim::Error* error;  ///< or null
};
/// The run is over: the library's books about an object.
struct ObjectAtRest {
    ObjectId object;
    /// Of what can be acquired: how many more may acquire it (below 0: so many too many hold it), of a condition its
    /// lock's. Of a stream or queue: the items in its buffer.
    std::int64_t available;
    TaskId owner;  ///< of an anyio lock or condition's lock; kNobody: none
};

/// The block of the `hold` that is `statement`, whose entry had completed, was left.
struct ObjectBlockLeft {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;  ///< that leaves it, or null
};
/// A `send` or `send_nowait` is about to be called: before its CallBegan.
struct Offered {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
    std::uint32_t item;  ///< its number, from 1
};
/// A `receive` or `receive_nowait` returned: after its CallEnded.
struct Received {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
    std::uint32_t item;  ///< its number
};

/// Of a user's own program: a scope's pass is about to cancel a task, and the frame that entered the scope has ended
/// without having left it. Told once of a scope, and of none that a generator entered: that may still be closed.
struct EntererEnded {
    ScopeId scope;
};

/// Those of this room alone.
using Own =
    sim::EventList<BodyBegan, BodyEnded, StatementBegan, StatementWaits, StatementEnded, Raised, Skipped, Noted, Caught,
                   ByHand, ScopeBlockLeft, GroupBlockLeft, ObjectMade, CallBegan, CallEnded, ObjectAtRest,
                   ObjectBlockLeft, Offered, Received, TimeoutEntered, TimeoutRescheduled, TimeoutExitBegan,
                   TimeoutBlockLeft, AsyncioGroupEntered, AsyncioGroupTook, AsyncioGroupExitBegan,
                   AsyncioGroupBlockLeft, WaitForBegan, WaitForEnded, Gathered, Waited, EntererEnded>;
using All = sim::JoinEventLists<model::events::All, Own>;

}  // namespace cancelsim::scenarios::events
