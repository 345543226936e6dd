// asyncio.TaskGroup.
//
// Source: CPython 3.11.7, 3.12.1 and 3.13.0 Lib/asyncio/taskgroups.py.
#pragma once

#include "sim/loop.h"
#include "sim/ordered_set.h"

namespace cancelsim::sim::asyncio {

struct TaskGroup {
    /// A task of the group: the argument of its `_on_task_done`.
    struct Member {
        TaskGroup* group;
        Task* task;
        SetLinks<Member> in_tasks;
    };

    ObjectId id = kNoObject;      ///< its number, if it has one: its requests say it
    Task* parent_task = nullptr;  ///< null: not entered
    bool exiting = false;
    bool aborting = false;
    bool parent_cancel_requested = false;
    OrderedSet<Member, &Member::in_tasks> tasks;
    ErrorList errors;
    Future* on_completed_fut = nullptr;

    /// `__aenter__`, which never waits, in the current task. The group must be new.
    void enter(Loop& loop);
    /// The frame of `__aexit__` with the exception `exc`, or null, to be called with `Loop::call`. It returns None:
    /// `exc` goes on unless the frame raises.
    Frame& exit(Loop& loop, Error* exc);
    /// `create_task`: the RuntimeError that it raises, or null. `task` is new and `coro` the frame of its body; where
    /// it raises, neither is used.
    Error* create_task(Loop& loop, Task& task, Frame& coro);

private:
    friend struct GroupExit;
    static void on_task_done(Loop& loop, void* member);
    static const CallbackName kOnTaskDoneName;
    void abort(Loop& loop);
};

}  // namespace cancelsim::sim::asyncio
