// Watches over tasks that wait.
#include "properties/export/python/watch_texts.h"

namespace cancelsim::properties::python::watches {

const std::string_view kParked = R"py(
parked = {}  # task -> what it waited for, though cancelled, when the last iteration began; and at what time


def look(at_rest):
    """A delivery pass comes to a cancelled task in the iteration after the one in which it parked. So none may wait for
    the same thing an iteration later, and none at all while the loop has nothing to run."""
    global parked
    before, parked = parked, {}
$WENT_ON$
    for task in loop.tasks:
        waiter, scope = task._fut_waiter, cancelled_scope_around(task)
        if scope is None or waiter is None or waiter.done() or isinstance(waiter, $REFUSES$):
            continue
        if task in before and before[task][0] is waiter or not loop._ready:
            broken(f"{name_of(task)} waits at {where(task)}: {name_of_scope(scope)} is cancelled, and nobody comes")
        parked[task] = waiter, loop.time()
)py";

const std::string_view kParkedWentOn = R"py(    for task, (waiter, since) in before.items():
        if waiter.done() and not waiter.cancelled() and loop.time() != since:
            broken(f"{name_of(task)} waited, cancelled, and nobody came until what it waited for was there; "
                   f"now it is at {where(task)}")
)py";

const std::string_view kStartWaits = R"py(
waiting = collections.Counter()  # task -> iterations for which it waits, cancelled, for its child's `started()`


def awaited_status(task):
    """The future that `started()` sets, if the task is in `start` and waits for it."""
    coroutine = task.get_coro()
    while getattr(coroutine, "cr_frame", None) is not None:
        if coroutine.__name__ == "start" and isinstance(coroutine.cr_frame.f_locals.get("self"), backend.TaskGroup):
            status = coroutine.cr_frame.f_locals["future"]
            return status if not status.done() else None
        coroutine = coroutine.cr_await
    return None


def look(at_rest):
    """A `start` that is cancelled stops waiting for `started()`, within two iterations."""
    for task in loop.tasks:
        is_cancelled = cancelled_scope_around(task) is not None and awaited_status(task) is not None
        waiting[task] = waiting[task] + 1 if is_cancelled else 0
        if waiting[task] > 2:
            broken(f"{name_of(task)} waits at {where(task)} for `started()`, though it is cancelled")
)py";

const std::string_view kSelfCancelled = R"py(
class WatchedTask(asyncio.Task):
    """Counts how often it was asked to be cancelled."""

    requests = 0

    def cancel(self, msg=None):
        self.requests += 1
        return super().cancel(msg)


real_cancel = backend.CancelScope.cancel
cancellers = []  # the tasks that have cancelled a scope around themselves in this iteration
owed = []  # such tasks, with what they wait for and how often they had been cancelled when they gave way


def watched_cancel(self, *arguments, **options):
    is_first = not self.cancel_called
    real_cancel(self, *arguments, **options)
    task = asyncio.current_task()
    if is_first and task is not None and cancelled_scope_around(task) is self:
        cancellers.append(task)


backend.CancelScope.cancel = watched_cancel


def look(at_rest):
    """A pass can't interrupt the task that runs it: it has to come back for it, in the iteration after that."""
    global owed
    for task, scope, waiter, requests, since in owed:
        if task.requests > requests:
            continue
        if waiter is None$OR_WENT_ON$:
            broken(f"{name_of(task)} cancelled {scope} and gave way, nothing was raised there, and it went on; "
                   f"now it is at {where(task)}")
        if not waiter.done() and cancelled_scope_around(task) is not None:
            nobody_comes(task, scope)
    owed = []
    for task in cancellers:
        waiter, scope = task._fut_waiter, cancelled_scope_around(task)
        refuses = isinstance(waiter, $REFUSES$) or (waiter is not None and waiter.done())
        if task.done() or refuses or scope is None:
            continue
        if not loop._ready:
            nobody_comes(task, name_of_scope(scope))
        owed.append((task, name_of_scope(scope), waiter, task.requests, loop.time()))
    cancellers.clear()


def nobody_comes(task, scope):
    broken(f"{name_of(task)} cancelled {scope}, then waits at {where(task)}, and nobody comes to interrupt it")
)py";

const std::string_view kSelfCancelledWentOn = " or (waiter.done() and not waiter.cancelled() and loop.time() != since)";

const std::string_view kLivelock = R"py(
awaited = []  # what the tasks' own coroutines awaited when the last iteration began: a new object for each statement
stuck = 0  # iterations in a row since one of them was done with it
stuck_since = 0.0


def look(at_rest):
    """Tasks that run get somewhere: in $LIMIT$ iterations without a pause, some statement comes to its end."""
    global awaited, stuck, stuck_since
    before = awaited
    coroutines = [program_coroutine(task) for task in loop.tasks]
    awaited = [coroutine and coroutine.cr_await for coroutine in coroutines]
    same = len(before) == len(awaited) and all(old is new for old, new in zip(before, awaited))
    if not same or not loop._ready$TIME_MOVED$:
        stuck, stuck_since = 0, loop.time()
    elif loop.futile == 0:
        stuck += 1
    if stuck > $LIMIT$:
        busy = [task for task in loop.tasks if not task.done() and task._fut_waiter is None] or loop.tasks
        broken(f"{stuck} iterations in a row, in {loop.time() - stuck_since:.3f} s, got nobody on: "
               f"{name_of(busy[0])} goes round and round at {where(busy[0])}")
)py";

const std::string_view kLostWakeup = R"py(
def has_happened(task):
    """Whether what the task waits for has happened."""
    if task._fut_waiter is None or task._fut_waiter.done():
        return True
    coroutine = task.get_coro()
    while getattr(coroutine, "cr_frame", None) is not None:
        variables = coroutine.cr_frame.f_locals
        owner = variables.get("self")
        if isinstance(owner, asyncio.Event):
            return owner.is_set()
        if isinstance(owner, backend.TaskGroup) and coroutine.__name__ == "__aexit__":
            return all(child.done() for child in owner._tasks)
        if isinstance(owner, backend.TaskGroup) and coroutine.__name__ == "start":
            child = variables.get("task")
            return child.done() if child else variables["handle"]._finished_event.is_set()
        coroutine = coroutine.cr_await
    return False


def look(at_rest):
    """Where nothing is left to do, who still waits does so for something that never happened, and is not cancelled."""
    for task in loop.tasks if at_rest else ():
        if task.done():
            continue
        if has_happened(task):
            broken(f"{name_of(task)} waits at {where(task)} for ever, for what has happened")
        scope = cancelled_scope_around(task)
        if scope is not None and not isinstance(task._fut_waiter, $REFUSES$):
            broken(f"{name_of(task)} waits at {where(task)} for ever: {name_of_scope(scope)} is cancelled, nobody comes")
)py";

}  // namespace cancelsim::properties::python::watches
