// What the interpreter of cases tells those who watch a run, beside model/events.h: the rest of
// CASES.md, "A trace". `statement` is an index of Case::statements.
#pragma once

#include <span>

#include "model/events.h"

namespace cancelsim::scenarios::events {

using namespace model::events;
using model::GroupId;
using model::ScopeId;
using sim::TaskId;
/// An `asyncio.timeout` of the program's, an `asyncio.TaskGroup`: in order of creation, from 0.
using TimeoutId = sim::ObjectId;
using AsyncioGroupId = sim::ObjectId;

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
/// The `try` that is `statement` caught `error`.
struct Caught {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;
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
/// The block of an `asyncio.timeout` was left.
struct TimeoutBlockLeft {
    TaskId task;
    TimeoutId timeout;
    bool expired;
    const sim::Error* error;  ///< that leaves it, or null
};
/// The block of an `asyncio.TaskGroup` was left.
struct AsyncioGroupBlockLeft {
    TaskId task;
    AsyncioGroupId group;
    const sim::Error* error;  ///< that leaves it, or null
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

/// The block of the `hold` that is `statement`, whose entry had completed, was left.
struct ObjectBlockLeft {
    TaskId task;
    std::uint32_t statement;
    const sim::Error* error;  ///< that leaves it, or null
};
/// A `send` or `send_nowait` is about to be called.
struct Offered {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
    std::uint32_t item;  ///< its number, from 1
};
/// A `receive` or `receive_nowait` returned.
struct Received {
    TaskId task;  ///< kNobody: the outside world
    std::uint32_t statement;
    std::uint32_t item;  ///< its number
};

/// Those of this room alone.
using Own = sim::EventList<BodyBegan, BodyEnded, StatementBegan, StatementWaits, StatementEnded, Raised, Skipped, Noted,
                           Caught, ByHand, ScopeBlockLeft, GroupBlockLeft, ObjectBlockLeft, Offered, Received,
                           TimeoutBlockLeft, AsyncioGroupBlockLeft, Gathered, Waited>;
using All = sim::JoinEventLists<model::events::All, Own>;

}  // namespace cancelsim::scenarios::events
