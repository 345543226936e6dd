"""What the recorder changes in the anyio and asyncio that it observes: sets iterate in a definite order, and delivery
passes and calls of `cancel()` are reported. All the rest is the library as it is.
"""
import asyncio
import sys

from anyio._backends import _asyncio
from anyio._backends._asyncio import CancelScope, TaskGroup, _task_states
from anyio._core._eventloop import set_current_async_library

from cancelsim.events import CAUSES, PURPOSES
from cancelsim.loop import VirtualLoop

class NoRun:
    """Of what happens before the first."""

    emitter = None


# The run that the libraries are serving: there is one at a time in a process, and their classes are one too.
run = NoRun


def install(make_pass):
    """Changes anyio's CancelScope and asyncio's TaskGroup, once in a process. `make_pass` replaces the delivery pass.

    Returns how to tell a delivery pass from other callbacks, and what to call when a task has given way: None for all
    policies that are no more than a pass.
    """
    initialise, cancel = CancelScope.__init__, CancelScope.cancel

    def ordered_init(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        self._tasks, self._child_scopes = run.sets.of_scope(self)
        if run.emitter is not None:
            run.emitter.scope_made(self, _purpose_of(self, sys._getframe(1)))
        run.scope_made(self)

    def reported_cancel(self, *args, **kwargs):
        if not self._cancel_called:
            run.tell.scope_cancelled(self)
        return cancel(self, *args, **kwargs)

    def reported_pass(self, origin):
        if origin is not self:
            return make_pass(self, origin)
        return report(self, lambda: make_pass(self, origin), _cause_of(sys._getframe(1)))

    def report(scope, make_pass, cause=CAUSES["asked"]):
        loop, emitter = run.loop, run.emitter
        loop.cancelled_by_pass = cancelled = []
        asker = emitter and emitter.pass_began(scope)
        try:
            rearmed = bool(make_pass())
        finally:
            loop.cancelled_by_pass = None
            if emitter is not None:
                emitter.ask_as(asker)
        run.tell.pass_ended(scope, cause, cancelled, rearmed)
        return rearmed

    CancelScope.__init__ = ordered_init
    CancelScope.cancel = reported_cancel
    CancelScope._deliver_cancellation = reported_pass
    _order_asyncio_groups()
    # Outside of tasks anyio does not know on which library it runs, unless it is told.
    set_current_async_library("asyncio")
    parked = getattr(make_pass, "parked", None)
    return (
        lambda callback: getattr(callback, "__func__", None) is reported_pass,
        parked and (lambda task: parked(task, report)),
    )


def by_code(values):
    """function -> value as `id` of its code -> value: to hash a code is slow. The codes live as long as the process."""
    return {id(_kept(function.__code__)): value for function, value in values.items()}


_codes = []


def _kept(code):
    _codes.append(code)
    return code


# What makes passes, before it is changed -> why. Those that are made on the way to a parent are told apart by who goes there.
_MAKERS = by_code(
    {CancelScope.cancel: CAUSES["cancel"], CancelScope.__enter__: CAUSES["enter"], VirtualLoop._run_ready: CAUSES["retry"]}
)
_GOES_TO_PARENT = CancelScope._restart_cancellation_in_parent.__code__
_GOERS = {CancelScope.__exit__: CAUSES["parent_exit"], CancelScope.shield.fset: CAUSES["unshield"]}
if hasattr(CancelScope, "_reparent"):
    _GOERS[CancelScope._reparent] = CAUSES["moved"]
_GOERS = by_code(_GOERS)


# Who makes a scope -> what for; all other scopes are the program's.
_PURPOSES = {
    TaskGroup.__init__: PURPOSES["group"],
    TaskGroup.__aexit__: PURPOSES["group_wait"],
    _asyncio.AsyncIOBackend.cancel_shielded_checkpoint: PURPOSES["checkpoint"],
}
if hasattr(_asyncio, "TaskHandle"):
    _PURPOSES[_asyncio.TaskHandle.__init__] = PURPOSES["handle"]
_PURPOSES = by_code(_PURPOSES)
_BACKEND = _asyncio.AsyncIOBackend.create_cancel_scope.__code__
_START = TaskGroup.start.__code__


def _purpose_of(scope, frame):
    """What the scope is for, which the frame has made."""
    if frame.f_code is _BACKEND:
        frame = frame.f_back.f_back  # anyio's own class has asked the backend
    if frame.f_code is _START:
        return PURPOSES["start" if scope._shield else "handle"]
    return _PURPOSES.get(id(frame.f_code), PURPOSES["program"])


def _cause_of(frame):
    """Why the pass is made that the frame calls for."""
    if frame.f_code is _GOES_TO_PARENT:
        return _GOERS[id(frame.f_back.f_code)]
    return _MAKERS.get(id(frame.f_code), CAUSES["asked"])


def forget(loop, scopes):
    """Has anyio forget tasks and scopes that nobody will go on with. What it keeps of a task refers to it, and so would never be
    freed; what else refers to itself would have to wait for a collection of garbage, which takes longer."""
    for task in loop.tasks:
        _task_states.pop(task, None)
        if task.done() and loop.emitter is not None:
            task.steps.task = None
    for scope in scopes:
        scope._tasks = scope._child_scopes = ()
        scope._parent_scope = scope._host_task = None


def _order_asyncio_groups():
    initialise = asyncio.TaskGroup.__init__

    def ordered_init(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        self._tasks = run.sets.of_asyncio_group()

    asyncio.TaskGroup.__init__ = ordered_init
