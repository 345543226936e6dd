#include "properties/export/python/policies.h"

#include <array>

#include "properties/export/python/text.h"

namespace cancelsim::properties::python {

namespace {

struct PolicyText {
    std::string_view name;
    std::string_view loop;  ///< what a pass does with each of the scope's own tasks
    std::string_view more;  ///< what that needs besides
};

/// How each of them differs from anyio's own pass is all in its loop.
constexpr std::string_view kBefore = R"py(
def interrupt(task, scope, origin):
    """What anyio's own pass does with a task that it may cancel. Returns whether it called `cancel()`."""
    if task is asyncio.current_task() or not (task is scope._host_task or backend._task_started(task)):
        return False
    waiter = task._fut_waiter
    if isinstance(waiter, asyncio.Future) and waiter.done():
        return False
    task.cancel(origin._cancel_reason)
    if task is origin._host_task and origin._pending_uncancellations is not None:
        origin._pending_uncancellations += 1
    return True


$MORE$
def delivery_pass(self, origin):
    """$SUMMARY$"""
    should_retry = False
    for task in self._tasks:
$LOOP$
    for scope in self._child_scopes:
        if not scope._shield and not scope.cancel_called:
            should_retry = scope._deliver_cancellation(origin) or should_retry
    if origin is self:
        if should_retry:
            self._cancel_handle = asyncio.get_running_loop().call_soon(self._deliver_cancellation, origin)
        else:
            self._cancel_handle = None
    return should_retry


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--policy", choices=["$POLICY$", "upstream"], default="$POLICY$")
policy = parser.parse_args().policy
if policy == "$POLICY$":
    backend.CancelScope._deliver_cancellation = delivery_pass
)py";

constexpr std::string_view kAskWaiter =
    R"py(asked = set()  # pairs of an origin and a waiter that will run its pass again


def run_again_when_done(waiter, origin):
    def run_pass(_):
        asked.discard((origin, waiter))
        if origin._host_task is not None and origin._cancel_handle is None:
            origin._deliver_cancellation(origin)

    if (origin, waiter) not in asked:
        asked.add((origin, waiter))
        waiter.add_done_callback(run_pass)


)py";

/// asyncio has no such hook: the event loop of the file calls it.
constexpr std::string_view kEventDriven = R"py(def parked(task):
    """Called when the task has given way: it is interrupted there at once, where it is to be."""
    state = backend._task_states.get(task) if policy == "event_driven" and not task.done() else None
    scope = innermost = state.cancel_scope if state else None
    while scope is not None and not scope.cancel_called:
        scope = None if scope.shield else scope._parent_scope
    if scope is not None and not task._must_cancel:
        interrupt(task, innermost, scope)


)py";

constexpr std::array kPolicies{
    PolicyText{"v1", R"py(        if task._must_cancel or interrupt(task, self, origin):
            should_retry = True
)py",
               ""},
    PolicyText{"v2", R"py(        if task is asyncio.current_task() or task._must_cancel:
            continue
        if interrupt(task, self, origin):
            should_retry = True
)py",
               ""},
    PolicyText{"v3", R"py(        if task.done() or task is asyncio.current_task() or task._must_cancel:
            continue
        if interrupt(task, self, origin):
            should_retry = True
)py",
               ""},
    PolicyText{"narrow", R"py(        if task.done():
            continue
        should_retry = True
        if not task._must_cancel:
            interrupt(task, self, origin)
)py",
               ""},
    PolicyText{"pr1260", R"py(        if task.done() or task._must_cancel:
            continue
        should_retry = True
        interrupt(task, self, origin)
)py",
               ""},
    PolicyText{"edge", R"py(        if not task.done() and not task._must_cancel:
            interrupt(task, self, origin)
)py",
               ""},
    PolicyText{"ask_waiter", R"py(        if task.done():
            continue
        if not task._must_cancel:
            interrupt(task, self, origin)
        waiter = task._fut_waiter
        if task._must_cancel and isinstance(waiter, asyncio.Future) and not waiter.done():
            run_again_when_done(waiter, origin)
        else:
            should_retry = True
)py",
               kAskWaiter},
    PolicyText{"event_driven", R"py(        if not task.done() and not task._must_cancel:
            interrupt(task, self, origin)
)py",
               kEventDriven},
};

}  // namespace

std::optional<std::string> policy_section(std::string_view policy, std::string_view summary) {
    if (policy == "upstream") return "";
    for (const PolicyText& text : kPolicies)
        if (text.name == policy)
            return filled(kBefore,
                          {{"MORE", text.more}, {"SUMMARY", summary}, {"LOOP", text.loop}, {"POLICY", policy}});
    return std::nullopt;
}

bool wants_to_know_of_parked_tasks(std::string_view policy) { return policy == "event_driven"; }

}  // namespace cancelsim::properties::python
