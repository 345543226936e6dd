"""What the emitter of events sees in anyio and asyncio, beside what `hooks.py` reports: put around the library's own methods,
which do what they did. Where a run has no emitter, nothing is told.
"""
import asyncio
import functools
import inspect
import math
import sys
from asyncio import CancelledError, taskgroups, tasks, timeouts

from anyio._backends import _asyncio
from anyio._backends._asyncio import CancelScope, TaskGroup, _task_states

from cancelsim import hooks
from cancelsim.events import watch_asyncio, watch_objects
from cancelsim.events.coroutines import Steps, Watched
from cancelsim.events.emitter import Emitter
from cancelsim.events import BY, EXIT_FAILURES
from cancelsim.loop import RecordedTask, VirtualLoop

_SCOPE, _DEADLINE, _GROUP, _CHILD, _START, _FORWARDED = (
    BY[word] for word in ("scope", "deadline", "group", "child", "start", "forwarded")
)
_TIMEOUT, _ASYNCIO_GROUP, _WAIT_FOR, _AGAIN = (BY[word] for word in ("timeout", "asyncio_group", "wait_for", "again"))

# Who cancels a task, or takes that back, of asyncio's own.
_CANCELLERS = hooks.by_code(
    {
        timeouts.Timeout._on_timeout: _TIMEOUT,
        timeouts.Timeout.__aexit__: _TIMEOUT,
        taskgroups.TaskGroup._abort: _ASYNCIO_GROUP,
        taskgroups.TaskGroup._on_task_done: _ASYNCIO_GROUP,
        taskgroups.TaskGroup.__aexit__: _ASYNCIO_GROUP,
        tasks._cancel_and_wait: _WAIT_FOR,
    }
)
_GATHERED = tasks._GatheringFuture.cancel.__code__  # passes a call of `cancel` on
_JOIN = taskgroups.TaskGroup.__aexit__.__code__
LOOPS = hooks.by_code({VirtualLoop._run_ready: True})  # what runs the steps of tasks

_TASK_DONE = "TaskGroup._spawn.<locals>.task_done"


class WatchedTask(RecordedTask):
    """A task whose steps and cancellations are told of."""

    def __init__(self, coroutine, *, loop, **options):
        self.coroutine = coroutine
        self.steps = Steps(coroutine, self, loop.emitter)
        super().__init__(self.steps, loop=loop, **options)

    def get_coro(self):
        return self.coroutine

    @staticmethod
    def is_cancellation(error):
        return isinstance(error, CancelledError)

    def cancel(self, msg=None):
        emitter = self.steps.emitter
        waiter = self._fut_waiter
        was_over = waiter is not None and waiter.done()
        was_pending = self._must_cancel or (was_over and waiter.cancelled())
        by = self._by(emitter, sys._getframe(1), "cancel")
        asker = emitter.ask_as((_FORWARDED, self.number))
        try:
            accepted = super().cancel(msg)
        finally:
            emitter.ask_as(asker)
        emitter.cancel_requested(self, by, msg, accepted, self.steps.started, was_over, was_pending)
        return accepted

    def uncancel(self):
        emitter = self.steps.emitter
        by = self._by(emitter, sys._getframe(1), "uncancel")
        left = super().uncancel()
        emitter.uncancelled(self, by)
        return left

    def _by(self, emitter, caller, what):
        by = emitter.by()
        if emitter.asker is not None:
            return by
        while caller.f_code is _GATHERED:
            caller = caller.f_back
        canceller = _CANCELLERS.get(id(caller.f_code))
        if canceller == _TIMEOUT:
            number = emitter.timeout_numbers.get(caller.f_locals["self"])
            return (_WAIT_FOR, by[1], -1) if number is None else (_TIMEOUT, by[1], number)
        if canceller == _ASYNCIO_GROUP:
            is_again = what == "cancel" and caller.f_code is _JOIN
            return _AGAIN if is_again else _ASYNCIO_GROUP, by[1], emitter.asyncio_group_numbers[caller.f_locals["self"]]
        if canceller is not None:
            return canceller, by[1], -1
        if id(caller.f_code) in LOOPS and by[1] >= 0:  # a task was cancelled, and now waits for this one
            return _FORWARDED, by[1], by[1]
        return by

    def add_done_callback(self, function, *, context=None):
        group = self.steps.emitter.spawning
        if group is not None and getattr(function, "__qualname__", None) == _TASK_DONE:
            function = _reported(function, group, self.steps.emitter)
        super().add_done_callback(function, context=context)


def _reported(task_done, group, emitter):
    def reported(task):
        was_cancelled = group.cancel_scope._cancel_called
        asker = emitter.ask_as((_CHILD, task.number))
        try:
            task_done(task)
        finally:
            emitter.ask_as(asker)
        emitter.child_reported(task, group, group.cancel_scope._cancel_called and not was_cancelled)

    return reported


class GroupExit(Watched):
    __slots__ = ("group", "error")

    def __init__(self, coroutine, emitter, group, error):
        super().__init__(coroutine, emitter)
        self.group = group
        self.error = error
        self.asker = (_GROUP, emitter.group_numbers[group])

    def began(self):
        self.emitter.group_exit_began(self.group, self.error)

    def ended(self, error):
        self.emitter.group_left(self.group, error, self.gave_way, isinstance(self.error, CancelledError))


class Start(Watched):
    __slots__ = ("child",)

    def began(self):
        self.child = None
        self.emitter.starting = self

    def spawned(self, child):
        self.child = child
        self.asker = (_START, child)

    def ended(self, error):
        if self.child is not None:
            self.emitter.start_returned(self.child, error)


def watched(loop):
    """Has what happens on `loop`, on which no task was made yet, told to an emitter, which it returns."""
    loop.emitter = Emitter(loop)
    loop.make_task = WatchedTask
    return loop.emitter


def install():
    """Once in a process, when `hooks.install` has been called."""
    _watch_scopes()
    _watch_groups()
    _watch_start()
    _watch_shields()
    watch_objects.install()
    watch_asyncio.install()


def _watch_scopes():
    enter, exit_, timeout = CancelScope.__enter__, CancelScope.__exit__, CancelScope._timeout
    deadline, shield = CancelScope.deadline, CancelScope.shield

    def watched_enter(self):
        emitter = hooks.run.emitter
        if emitter is None:
            return enter(self)
        emitter.entering = self
        try:
            enter(self)
        except BaseException:
            emitter.entering = None
            raise
        emitter.enter_ended(self)
        return self

    def watched_exit(self, exc_type, exc_val, exc_tb):
        emitter = hooks.run.emitter
        if emitter is None:
            return exit_(self, exc_type, exc_val, exc_tb)
        was_active, host = self._active, self._host_task
        asker = emitter.ask_as((_SCOPE, emitter.scope_numbers[self]))
        try:
            swallowed = exit_(self, exc_type, exc_val, exc_tb)
        except BaseException as error:
            if was_active and not self._active:
                emitter.scope_left(self, host, exc_val, False, error)
            else:
                emitter.scope_exit_failed(self, _failure(self), error)
            raise
        finally:
            emitter.ask_as(asker)
        emitter.scope_left(self, host, exc_val, swallowed)
        return swallowed

    def watched_timeout(self):
        emitter = hooks.run.emitter
        if emitter is None or self._deadline == math.inf or emitter.loop.time() < self._deadline:
            return timeout(self)
        emitter.deadline_reached(self)
        asker = emitter.ask_as((_DEADLINE, emitter.scope_numbers[self]))
        try:
            timeout(self)
        finally:
            emitter.ask_as(asker)

    def set_deadline(self, value):
        if hooks.run.emitter is not None:
            hooks.run.emitter.deadline_changed(self, float(value))
        deadline.fset(self, value)

    def set_shield(self, value):
        if hooks.run.emitter is not None and self._shield != value:
            hooks.run.emitter.shield_changed(self, value)
        shield.fset(self, value)

    CancelScope.__enter__ = watched_enter
    CancelScope.__exit__ = watched_exit
    CancelScope._timeout = watched_timeout
    CancelScope.deadline = deadline.setter(set_deadline)
    CancelScope.shield = shield.setter(set_shield)
    if not hasattr(CancelScope, "_reparent"):
        return
    reparent = CancelScope._reparent

    def watched_reparent(self, new_parent):
        emitter = hooks.run.emitter
        if emitter is not None:
            emitter.started_called()
            if self._parent_scope is not new_parent:
                emitter.scope_moved(self, new_parent)
        reparent(self, new_parent)

    CancelScope._reparent = watched_reparent


def _failure(scope):
    """Why the scope could not be left."""
    if not scope._active:
        return EXIT_FAILURES["not_entered"]
    is_host = _asyncio.current_task() is scope._host_task
    return EXIT_FAILURES["not_innermost" if is_host else "other_task"]


def _watch_groups():
    initialise, spawn, exit_ = TaskGroup.__init__, TaskGroup._spawn, TaskGroup.__aexit__
    most = len(inspect.signature(spawn).parameters)  # with the last of them, `start` spawns

    def watched_init(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        if hooks.run.emitter is not None:
            hooks.run.emitter.group_made(self)

    def watched_spawn(self, *args, **kwargs):
        emitter = hooks.run.emitter
        if emitter is None:
            return spawn(self, *args, **kwargs)
        start, emitter.starting = emitter.starting, None
        spawning, emitter.spawning = emitter.spawning, self
        try:
            spawned = spawn(self, *args, **kwargs)
        finally:
            emitter.spawning = spawning
        task = emitter.loop.tasks[-1]
        by_start = 1 + len(args) + len(kwargs) == most
        emitter.task_spawned(task, self, _task_states[task].cancel_scope, by_start)
        if by_start:
            start.spawned(task.number)
        return spawned

    def watched_exit(self, exc_type, exc_val, exc_tb):
        coroutine = exit_(self, exc_type, exc_val, exc_tb)
        emitter = hooks.run.emitter
        return coroutine if emitter is None else GroupExit(coroutine, emitter, self, exc_val)

    TaskGroup.__init__ = watched_init
    TaskGroup._spawn = watched_spawn
    TaskGroup.__aexit__ = watched_exit


def _watch_start():
    start, started = TaskGroup.start, _asyncio._AsyncioTaskStatus.started

    def watched_start(self, *args, **kwargs):
        coroutine = start(self, *args, **kwargs)
        emitter = hooks.run.emitter
        return coroutine if emitter is None else Start(coroutine, emitter)

    def watched_started(self, value=None):
        emitter = hooks.run.emitter
        if emitter is None:
            return started(self, value)
        emitter.status = (_asyncio.current_task(), not self._future.done())
        try:
            started(self, value)
        except BaseException as error:
            emitter.started_called(error)
            raise
        emitter.started_called()

    TaskGroup.start = watched_start
    _asyncio._AsyncioTaskStatus.started = watched_started


def _watch_shields():
    shield = asyncio.shield

    @functools.wraps(shield)
    def watched_shield(arg):
        outer = shield(arg)
        if hooks.run.emitter is not None and outer is not arg:
            hooks.run.emitter.shields.add(outer)
        return outer

    asyncio.shield = tasks.shield = watched_shield
