// Watches over task groups.
#include "properties/export/python/watch_texts.h"

namespace cancelsim::properties::python::watches {

const std::string_view kNativeInGroupExit = R"py(
real_exit = backend.TaskGroup.__aexit__
exiting = {}  # task -> the groups that it is leaving, the innermost last


class WatchedTask(asyncio.Task):
    native_in = None  # the group that it was leaving when asyncio's own cancel() was called on it

    def cancel(self, msg=None):
        accepted = super().cancel(msg)
        is_anyio = str(msg).startswith(("Cancelled via cancel scope ", "Cancelled by cancel scope "))
        if accepted and not is_anyio and exiting.get(self):
            self.native_in = exiting[self][-1]
        return accepted


async def watched_exit(self, *error):
    host = asyncio.current_task()
    exiting.setdefault(host, []).append(self)
    leaves_it = error[1]
    try:
        swallowed = await real_exit(self, *error)
        leaves_it = None if swallowed else leaves_it
        return swallowed
    except BaseException as raised:
        leaves_it = raised
        raise
    finally:
        exiting[host].pop()
        if host.native_in is self:
            host.native_in = None
            look_at(host, self, leaves_it)


backend.TaskGroup.__aexit__ = watched_exit


def look_at(host, group, error):
    """Errors of children go before it. With none, it has to go on."""
    is_native = isinstance(error, asyncio.CancelledError) and not backend.is_anyio_cancellation(error)
    if not is_native and all(isinstance(leaf, asyncio.CancelledError) for leaf in leaves(error)):
        broken(f"asyncio's own cancel() came to {name_of(host)} while it was leaving {name_of_scope(group.cancel_scope)}, "
               f"and what leaves that is {error!r}: nobody learns of it")


def look(at_rest):
    pass
)py";

const std::string_view kGroupJoins = R"py(
real_exit, real_spawn = backend.TaskGroup.__aexit__, backend.TaskGroup._spawn
children = collections.defaultdict(list)  # group -> its tasks
left, wait_cancelled = set(), set()  # groups


class WatchedTask(asyncio.Task):
    def cancel(self, msg=None):
        accepted = super().cancel(msg)
        for group in children:
            if accepted and group._on_completed_fut is not None and group._on_completed_fut is self._fut_waiter:
                wait_cancelled.add(group)
        return accepted


def watched_spawn(self, *arguments, **options):
    number = len(loop.tasks)
    result = real_spawn(self, *arguments, **options)
    children[self].append(loop.tasks[number])
    if self in left:
        broken(f"{name_of_scope(self.cancel_scope)} was left, and takes {name_of(loop.tasks[number])}")
    return result


async def watched_exit(self, *error):
    iteration = loop.iteration
    try:
        return await real_exit(self, *error)
    finally:
        left.add(self)
        group = name_of_scope(self.cancel_scope)
        for task in children[self]:
            if not task.done():
                broken(f"{group} was left, and its {name_of(task)} lives: {where(task)}")
        if loop.iteration == iteration:
            broken(f"{group} was left without a schedule point")
        if self in wait_cancelled and not self.cancel_scope.cancel_called:
            broken(f"the wait of {group} for its tasks was cancelled, these were not")


backend.TaskGroup.__aexit__, backend.TaskGroup._spawn = watched_exit, watched_spawn


def look(at_rest):
    for group in wait_cancelled - left if at_rest else ():
        if not group.cancel_scope.cancel_called:
            broken(f"the wait of {name_of_scope(group.cancel_scope)} for its tasks was cancelled, these were not")
)py";

const std::string_view kGroupOutcome = R"py(
real_exit, real_spawn = backend.TaskGroup.__aexit__, backend.TaskGroup._spawn
real_scope_exit = backend.CancelScope.__exit__
children = collections.defaultdict(list)  # group -> its tasks
status_of = {}  # task -> the future that its `started()` sets, of one made by `start`
ended_by = {}  # task -> the CancelledError with which it ended, once its group has heard of it
raised = {}  # scope -> what came to it when it was left


class WatchedTask(asyncio.Task):
    def exception(self):
        try:
            return super().exception()
        except asyncio.CancelledError as error:
            ended_by[self] = error
            raise


def watched_spawn(self, *arguments, **options):
    number = len(loop.tasks)
    result = real_spawn(self, *arguments, **options)
    children[self].append(loop.tasks[number])
    for status in arguments:
        if isinstance(status, asyncio.Future):
            status_of[loop.tasks[number]] = status
    return result


def watched_scope_exit(self, error_type, error, traceback):
    raised[self] = error
    return real_scope_exit(self, error_type, error, traceback)


async def watched_exit(self, error_type, error, traceback):
    try:
        return await real_exit(self, error_type, error, traceback)
    finally:
        look_at(self, error)


backend.TaskGroup.__aexit__, backend.TaskGroup._spawn = watched_exit, watched_spawn
backend.CancelScope.__exit__ = watched_scope_exit


def look_at(group, body_error):
    """What the group raises comes to its own scope first, which may swallow it."""
    error = raised[group.cancel_scope]
    name = name_of_scope(group.cancel_scope)
    interrupted = [task for task in children[group] if task in ended_by and not is_for_start(task)]
    for task in interrupted:
        if error is None and backend.is_anyio_cancellation(ended_by[task]):
            broken(f"{name_of(task)} was interrupted, and the exit of {name} raised nothing: what follows goes on as if "
                   f"the work had been done")
    if isinstance(error, asyncio.CancelledError) and backend.is_anyio_cancellation(error):
        if not interrupted and not isinstance(body_error, asyncio.CancelledError):
            broken(f"the exit of {name} raised {error!r}, and neither its body nor any of its tasks was interrupted")


def is_for_start(task):
    """What ends a task before `started()` is for the caller of `start` to hear of."""
    status = status_of.get(task)
    return status is not None and (status.cancelled() or status.exception() is not None)


def look(at_rest):
    pass
)py";

const std::string_view kErrorsArrive = R"py(
real_exit, real_spawn, real_start = backend.TaskGroup.__aexit__, backend.TaskGroup._spawn, backend.TaskGroup.start
children = collections.defaultdict(list)  # group -> its tasks
status_of = {}  # task -> the future that its `started()` sets, of one made by `start`
starting, left = set(), set()  # tasks whose `start` has not returned; groups
heard = []  # what was raised by `start` or by a group


def errors_of(task):
    """The ordinary errors with which it ended."""
    error = task.exception() if task.done() and not task.cancelled() else None
    return [leaf for leaf in leaves(error) if not isinstance(leaf, asyncio.CancelledError)]


def is_heard(error):
    return any(each is error for each in heard)


def watched_spawn(self, *arguments, **options):
    number = len(loop.tasks)
    result = real_spawn(self, *arguments, **options)
    task = loop.tasks[number]
    children[self].append(task)
    for status in arguments:
        if isinstance(status, asyncio.Future):
            status_of[task] = status
            starting.add(task)
    return result


async def watched_start(self, *arguments, **options):
    number = len(loop.tasks)
    try:
        return await real_start(self, *arguments, **options)
    except BaseException as error:
        heard.extend(leaves(error))
        raise
    finally:
        if len(loop.tasks) > number:
            starting.discard(loop.tasks[number])
            if self in left:
                look_for_errors(self, [loop.tasks[number]])


async def watched_exit(self, error_type, error, traceback):
    try:
        swallowed = await real_exit(self, error_type, error, traceback)
        group_left(self, None if swallowed else error)
        return swallowed
    except BaseException as raised:
        group_left(self, raised)
        raise


backend.TaskGroup.__aexit__, backend.TaskGroup._spawn = watched_exit, watched_spawn
backend.TaskGroup.start = watched_start


def group_left(group, error):
    left.add(group)
    raised = leaves(error)
    heard.extend(raised)
    for task in children[group]:
        for own in errors_of(task):
            times = sum(each is own for each in raised)
            if times > 1:
                broken(f"{error!r}, raised by {name_of_scope(group.cancel_scope)}, holds {own!r} of {name_of(task)} twice")
    look_for_errors(group, [task for task in children[group] if task not in starting])


def look_for_errors(group, tasks):
    for task in tasks:
        for error in errors_of(task):
            if not is_heard(error):
                broken(f"{name_of(task)} ended with {error!r}, {name_of_scope(group.cancel_scope)} was left, "
                       f"and nobody has heard of the error")


def look(at_rest):
    """Who fails in a group that is not left yet cancels it; after that nobody may fail."""
    for group, tasks in children.items():
        if group in left:
            look_for_errors(group, [task for task in tasks if task not in starting])
            continue
        for task in tasks:
            status = status_of.get(task)
            is_for_start = status is not None and (not status.done() or status.cancelled() or status.exception())
            is_reported = errors_of(task) and task not in backend._task_states and not is_for_start
            if is_reported and not group.cancel_scope._effectively_cancelled:
                broken(f"{name_of(task)} ended with {errors_of(task)[0]!r}, and {name_of_scope(group.cancel_scope)} is "
                       f"not cancelled: its other tasks go on")
)py";

const std::string_view kStartHandshake = R"py(
real_start, real_started = backend.TaskGroup.start, backend._AsyncioTaskStatus.started
started = set()  # tasks that called `started()`


def watched_started(self, *value):
    real_started(self, *value)
    started.add(asyncio.current_task())


async def watched_start(self, *arguments, **options):
    number = len(loop.tasks)
    try:
        result = await real_start(self, *arguments, **options)
    except BaseException as error:
        if len(loop.tasks) > number:
            start_raised(loop.tasks[number], error)
        raise
    if loop.tasks[number] not in started:
        broken(f"`start` has returned, and {name_of(loop.tasks[number])} has not called `started()`")
    return result


backend.TaskGroup.start, backend._AsyncioTaskStatus.started = watched_start, watched_started


def start_raised(child, error):
    if not child.done():
        broken(f"`start` has raised {error!r}, and its child {name_of(child)} lives: {where(child)}")
    own = child.exception() if not child.cancelled() else None
    is_silent = own is None and child not in started and isinstance(error, RuntimeError)
    if not isinstance(error, asyncio.CancelledError) and error is not own and not is_silent:
        broken(f"`start` has raised {error!r}, and its child {name_of(child)} ended with {own!r}")


def look(at_rest):
    pass
)py";

const std::string_view kStartCancelsGroup = R"py(
real_cancel = backend.CancelScope.cancel


def watched_cancel(self, *arguments, **options):
    caller = sys._getframe(1)
    status = caller.f_locals.get("task_status_future")
    if caller.f_code.co_name == "task_done" and status is not None and status.cancelled():
        broken(f"a `start` that was cancelled ended its child, and that end cancels all of {name_of_scope(self)}")
    real_cancel(self, *arguments, **options)


backend.CancelScope.cancel = watched_cancel


def look(at_rest):
    pass
)py";

}  // namespace cancelsim::properties::python::watches
