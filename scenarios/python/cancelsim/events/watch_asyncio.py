"""Has asyncio's own blocks, and `wait_for`, told to the emitter."""
import asyncio
import functools
import sys
from asyncio import taskgroups, tasks, timeouts

from cancelsim import hooks
from cancelsim.events.coroutines import Watched


class TimeoutEntry(Watched):
    __slots__ = ("timeout",)

    def __init__(self, coroutine, emitter, timeout):
        super().__init__(coroutine, emitter)
        self.timeout = timeout

    def ended(self, error):
        if error is None:
            self.emitter.timeout_entered(self.timeout)


class TimeoutExit(Watched):
    __slots__ = ("timeout", "error")

    def __init__(self, coroutine, emitter, timeout, error):
        super().__init__(coroutine, emitter)
        self.timeout = timeout
        self.error = error

    def began(self):
        self.emitter.timeout_exit_began(self.timeout, self.error)

    def ended(self, error):
        self.emitter.timeout_left(self.timeout, self.error if error is None else error)


class GroupEntry(Watched):
    __slots__ = ("group",)

    def __init__(self, coroutine, emitter, group):
        super().__init__(coroutine, emitter)
        self.group = group

    def ended(self, error):
        if error is None:
            self.emitter.asyncio_group_entered(self.group)


class GroupExit(Watched):
    __slots__ = ("group", "error")

    def __init__(self, coroutine, emitter, group, error):
        super().__init__(coroutine, emitter)
        self.group = group
        self.error = error

    def began(self):
        self.emitter.asyncio_group_exit_began(self.group, self.error)

    def ended(self, error):
        self.emitter.asyncio_group_left(self.group, self.error if error is None else error)


class WaitFor(Watched):
    __slots__ = ("awaited", "delay")

    def __init__(self, coroutine, emitter, awaited, delay):
        super().__init__(coroutine, emitter)
        self.awaited = awaited
        self.delay = delay

    def began(self):
        self.emitter.wait_for_began(self.awaited, self.delay)

    def ended(self, error):
        self.emitter.wait_for_ended(error)


def install():
    """Once in a process, when `hooks.install` has been called."""
    _watch_timeouts()
    _watch_groups()
    _watch_wait_for()


def _watch_timeouts():
    timeout = timeouts.Timeout
    initialise, reschedule, enter, exit_ = timeout.__init__, timeout.reschedule, timeout.__aenter__, timeout.__aexit__
    factories, wait_for = (timeouts.timeout.__code__, timeouts.timeout_at.__code__), tasks.wait_for.__code__

    def watched_init(self, when):
        initialise(self, when)
        if hooks.run.emitter is None:
            return
        maker = sys._getframe(1)
        if any(maker.f_code is factory for factory in factories):
            maker = maker.f_back
        if maker.f_code is not wait_for:
            hooks.run.emitter.timeout_made(self)

    def watched_reschedule(self, when):
        reschedule(self, when)
        emitter = hooks.run.emitter
        if emitter is not None and self in emitter.timeout_numbers and sys._getframe(1).f_code is not enter.__code__:
            emitter.timeout_rescheduled(self)

    def watched_enter(self):
        coroutine, emitter = enter(self), hooks.run.emitter
        if emitter is None or self not in emitter.timeout_numbers:
            return coroutine
        return TimeoutEntry(coroutine, emitter, self)

    def watched_exit(self, exc_type, exc_val, exc_tb):
        coroutine, emitter = exit_(self, exc_type, exc_val, exc_tb), hooks.run.emitter
        if emitter is None or self not in emitter.timeout_numbers:
            return coroutine
        return TimeoutExit(coroutine, emitter, self, exc_val)

    timeout.__init__, timeout.reschedule = watched_init, watched_reschedule
    timeout.__aenter__, timeout.__aexit__ = watched_enter, watched_exit


def _watch_groups():
    group = taskgroups.TaskGroup
    initialise, create, enter, exit_ = group.__init__, group.create_task, group.__aenter__, group.__aexit__

    def watched_init(self):
        initialise(self)
        if hooks.run.emitter is not None:
            hooks.run.emitter.asyncio_group_made(self)

    def watched_create(self, coro, **options):
        task = create(self, coro, **options)
        if hooks.run.emitter is not None:
            hooks.run.emitter.asyncio_group_took(self, task)
        return task

    def watched_enter(self):
        coroutine, emitter = enter(self), hooks.run.emitter
        return coroutine if emitter is None else GroupEntry(coroutine, emitter, self)

    def watched_exit(self, exc_type, exc_val, exc_tb):
        coroutine, emitter = exit_(self, exc_type, exc_val, exc_tb), hooks.run.emitter
        return coroutine if emitter is None else GroupExit(coroutine, emitter, self, exc_val)

    group.__init__, group.create_task = watched_init, watched_create
    group.__aenter__, group.__aexit__ = watched_enter, watched_exit


def _watch_wait_for():
    wait_for = tasks.wait_for

    @functools.wraps(wait_for)
    def watched_wait_for(fut, timeout):
        coroutine, emitter = wait_for(fut, timeout), hooks.run.emitter
        return coroutine if emitter is None else WaitFor(coroutine, emitter, fut, timeout)

    asyncio.wait_for = tasks.wait_for = watched_wait_for
