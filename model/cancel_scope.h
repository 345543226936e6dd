// anyio's CancelScope on asyncio.
//
// Source: anyio 4.13.0, 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py, `class CancelScope`. Names,
// order and comments are those of the source, without the leading underscore.
#pragma once

#include <cstdint>

#include "model/events.h"
#include "sim/ordered_set.h"
#include "sim/task.h"

namespace cancelsim::model {

class Kernel;
struct CancelScope;
struct AskedWaiter;
struct Task;
struct TaskGroup;
struct TaskHandle;
using sim::Error;
using sim::OrderedSet;
using sim::SetLinks;
using sim::Time;

/// Which name of the program an object was bound to: 0 is none (the library's own), else 1 + the
/// name's number. `count` tells bindings of the same name apart, from 1.
struct Label {
    std::uint32_t name = 0;
    std::uint32_t count = 0;
    explicit operator bool() const { return name != 0; }
};

/// A task with what anyio knows about it: its TaskState, and what the closures of its group's
/// `_spawn` hold.
struct Task : sim::Task {
    // TaskState
    bool has_state = false;  ///< `_task_states` has an entry for it
    CancelScope* cancel_scope = nullptr;
    SetLinks<Task> in_scope;  ///< its place in the `tasks` of one scope: anyio keeps it in that of the innermost only

    std::uint32_t cancels_by_others = 0;  ///< by scopes that it does not host; only with a switch: native_cancels.h

    // _spawn
    TaskGroup* group = nullptr;                 ///< null: a task in no group
    sim::Future* task_status_future = nullptr;  ///< null: spawned by `start_soon`
    TaskHandle* handle = nullptr;               ///< from 4.14 on, of a group's task

    Label label;  ///< bound when its body starts
};

/// The result of `__exit__`.
struct ExitResult {
    bool swallow = false;     ///< it returned True
    Error* raised = nullptr;  ///< it raised this
};

struct CancelScope {
    Time deadline = sim::kInfinity;
    bool shield = false;
    bool cancel_called = false;
    bool cancelled_caught = false;
    bool active = false;
    bool cancel_handle = false;  ///< a pass of its own is scheduled, as far as the scope remembers
    Purpose purpose = Purpose::program;
    ScopeId id = 0;  ///< in order of creation, from 0
    CancelScope* parent_scope = nullptr;
    SetLinks<CancelScope> in_parent;  ///< its place in the `child_scopes` of its parent
    OrderedSet<CancelScope, &CancelScope::in_parent> child_scopes;
    sim::Timer timeout_handle;
    OrderedSet<Task, &Task::in_scope> tasks;
    Task* host_task = nullptr;
    std::uint32_t pending_uncancellations = 0;
    std::uint32_t cancels_at_enter = 0;    ///< of its host; only with switches: native_cancels.h
    AskedWaiter* asked_waiters = nullptr;  ///< of the policy `ask_waiter`
    Label label;
    std::uint32_t orders_of_tasks = 0;         ///< how often `tasks` was iterated in an order that was asked for
    std::uint32_t orders_of_child_scopes = 0;  ///< the same of `child_scopes`

    /// `__enter__`, in the current task: the exception that it raises, or null.
    Error* enter(Kernel& kernel);
    /// `__exit__` with the exception `exc_val`, or null.
    ExitResult exit(Kernel& kernel, Error* exc_val);
    /// Asked for by `by`: by the program where that is not said.
    void cancel(Kernel& kernel, const By& by);
    void cancel(Kernel& kernel);
    void set_shield(Kernel& kernel, bool value);
    /// `value` is an absolute time, or kInfinity.
    void set_deadline(Kernel& kernel, Time value);
    /// `_reparent`, of an active scope: moves it from its parent to `new_parent`, which is older.
    void reparent(Kernel& kernel, CancelScope& new_parent);

    bool effectively_cancelled(Kernel& kernel) const;
    bool parent_cancellation_is_visible_to_us(Kernel& kernel) const;
    /// The message of the CancelledErrors that it causes: anyio's "Cancelled via cancel scope
    /// <id>".
    sim::CancelMessage cancel_reason() const { return id + 1; }

private:
    ExitResult exit_failed(Kernel& kernel, ExitFailure why);
    bool holds_tasks_when_left(const Kernel& kernel) const;
    void timeout(Kernel& kernel);
    static void run_timeout(sim::Loop& loop, void* scope);
    static const sim::CallbackName kTimeoutName;
    void clear_timeout_handle(Kernel& kernel);
    ExitResult swallow(Error* exc_val, Kernel& kernel);
    void uncancel_host(Kernel& kernel);
    void restart_cancellation_in_parent(Kernel& kernel, PassCause cause);
};

/// Whether anyio takes the CancelledError `exc` for its own: by its message, or that of one in its
/// context chain.
bool is_anyio_cancellation(const Error& exc);

}  // namespace cancelsim::model
