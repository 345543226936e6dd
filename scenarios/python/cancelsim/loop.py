"""An asyncio event loop on virtual time that makes no system call, with the rules of CASES.md, "The loop".

Only the loop is replaced. Tasks and futures are CPython's own (its C ones where it has them), so whatever they do,
they do here.
"""
import asyncio
from asyncio import events
from collections import deque
from heapq import heappop, heappush
from types import BuiltinFunctionType

from cancelsim.choices import NO_CHOICES

# After so many futile iterations in a row the loop stops pretending that a spinning program needs no time.
FUTILE_ITERATIONS_BEFORE_TIME_MOVES = 20
# How many iterations an arrival can be late.
LONGEST_DELAY = 3
# After so many iterations at one time each further one is told of as one in which time stood still.
STANDSTILL = 64


class Handle:
    __slots__ = ("callback", "args", "context")

    def __init__(self, callback, args, context=None):
        self.callback = callback
        self.args = args
        self.context = context  # in which it runs; None: in that of the loop

    def cancel(self):
        # Dropping the arguments too, as asyncio does, lets what they hold be freed.
        self.callback = None
        self.args = None

    def cancelled(self):
        return self.callback is None


class TimerHandle(Handle):
    __slots__ = ("_when",)

    def __init__(self, when, callback, args, context=None):
        self.callback = callback
        self.args = args
        self.context = context
        self._when = when

    def when(self):
        return self._when


class RecordedTask(asyncio.Task):
    """A task that has the name which its case gave it, and tells a running delivery pass that it was cancelled."""

    label = None  # unknown until the task's body begins to run
    number = None  # in order of creation, from 0

    def cancel(self, msg=None):
        loop = self.get_loop()
        cancelled = loop.cancelled_by_pass
        if cancelled is None:
            return super().cancel(msg)
        cancelled.append(self.label)
        # If this task waits on another one, asyncio passes the call on. That is not a call of the pass's own.
        loop.cancelled_by_pass = None
        try:
            return super().cancel(msg)
        finally:
            loop.cancelled_by_pass = cancelled


class Arrival:
    __slots__ = ("iteration", "callback", "number", "delayed")

    def __init__(self, iteration, callback, number):
        self.iteration = iteration
        self.callback = callback
        self.number = number
        self.delayed = 0


class VirtualLoop(asyncio.AbstractEventLoop):
    """`is_delivery_pass(callback)` says which handles are delivery passes; `on_parked(task)`, if it is not None, is
    called when a task has given way, which asyncio itself tells nobody.
    """

    is_outside = True  # what runs in no task is of the outside world

    def __init__(self, budget, is_delivery_pass, on_parked=None, choices=NO_CHOICES):
        self.make_task = RecordedTask
        self.emitter = None  # is told what happens, if it is not None
        self.stepped = None  # the task whose step the handle that runs is; only where there is an emitter
        self.targets = None  # gives what somebody outside could cancel between two iterations
        self.injections_left = choices.injections
        self.time_moved_in = 0
        self._ties = (None, 0)  # a time, and how many ties of timers there were at it
        self.budget = budget
        self.on_parked = on_parked
        self.is_delivery_pass = is_delivery_pass
        self.choices = choices
        self.on_error = None  # is called with what a callback raised
        self.stopped = False  # set by what ends a run at once, in the middle of a handle
        self.now = 0
        self.iteration = 0
        self.handles_run = 0
        self.futile_iterations = 0
        self.futile_in_a_row = 0
        self.tasks = []
        self.cancelled_by_pass = None
        self._ready = deque()
        self._timers = []  # a heap of (when, number, handle): the number keeps timers due together in order
        self._timers_made = 0
        self._arrivals = deque()

    # What asyncio and anyio ask of a loop.

    def time(self):
        return self.now

    @staticmethod
    def ticks(when):
        """A time of this loop's as the whole number that `now` would be then."""
        return int(when)

    @staticmethod
    def duration(seconds):
        return int(seconds)

    def get_debug(self):
        return False

    def is_running(self):
        return events._get_running_loop() is self

    def is_closed(self):
        return False

    def get_task_factory(self):
        return None

    def call_exception_handler(self, context):
        """asyncio reports exceptions that nobody retrieved here: no part of a trace."""

    def create_future(self):
        return asyncio.Future(loop=self)

    def create_task(self, coro, *, name=None, context=None, **options):
        task = self.make_task(coro, loop=self, name=name, context=context, **options)
        task.number = len(self.tasks)
        self.tasks.append(task)
        if self.emitter is not None and task.number > 0:
            self.emitter.task_created(task)
        return task

    # Handles do not run in their contexts: no case has a context variable, and it saves time.

    def call_soon(self, callback, *args, context=None):
        if args and self.emitter is not None and type(callback) is BuiltinFunctionType and callback.__name__ == "task_wakeup":
            self.emitter.task_ready(callback.__self__, args[0])
        handle = Handle(callback, args)
        self._ready.append(handle)
        return handle

    def call_later(self, delay, callback, *args, context=None):
        handle = TimerHandle(self.now + delay, callback, args)
        self._schedule(handle._when, handle)
        return handle

    def call_at(self, when, callback, *args, context=None):
        handle = TimerHandle(when, callback, args)
        self._schedule(when, handle)
        return handle

    def _schedule(self, when, handle):
        self._timers_made += 1
        heappush(self._timers, (when, self._timers_made, handle))

    # The outside world.

    def set_arrivals(self, arrivals):
        """`arrivals`: pairs (iteration, callback). Sorting is stable: those of one iteration keep their order."""
        self._set_arrivals(Arrival(*arrival, number) for number, arrival in enumerate(arrivals))

    def _set_arrivals(self, arrivals):
        self._arrivals = deque(sorted(arrivals, key=lambda arrival: arrival.iteration))

    def _take_arrivals(self, would_block):
        arrivals = self._arrivals
        last = max(arrivals[0].iteration, self.iteration) if would_block else self.iteration
        if not would_block and self.choices.asks("arrival"):
            for arrival in arrivals:
                is_due = arrival.iteration <= last and arrival.delayed < LONGEST_DELAY
                if is_due and self.choices.choose("arrival", 2, owner=arrival.number, at=arrival.delayed):
                    arrival.delayed += 1
                    arrival.iteration = self.iteration + 1
            self._set_arrivals(arrivals)
            arrivals = self._arrivals
        while arrivals and arrivals[0].iteration <= last:
            self._ready.append(Handle(arrivals.popleft().callback, ()))

    # Running.

    def run(self):
        """Runs until the run ends, and returns the verdict, or None if it was stopped."""
        previous = events._get_running_loop()
        events._set_running_loop(self)
        try:
            return self._run()
        finally:
            events._set_running_loop(previous)

    def _cancel_one_of(self, targets):
        if not targets:
            return
        chosen = 0
        if len(targets) > 1:
            chosen = self.choices.choose("inject", len(targets), at=self.iteration, position=1)
        targets[chosen].cancel()

    def _run(self):
        while (verdict := self._verdict()) is None:
            self.iteration += 1
            if self.emitter is not None:
                self.emitter.iteration_began(self.iteration, self.iteration - self.time_moved_in > STANDSTILL)
            if self.injections_left and self.targets is not None and self.choices.choose("inject", 2, at=self.iteration):
                self.injections_left -= 1
                self._cancel_one_of(self.targets())
                self._drop_cancelled_timers()
            before = self.now
            self._poll()
            only_passes = self._run_ready()
            if self.stopped:
                return None
            if only_passes and self.now == before:
                self.futile_in_a_row += 1
                self.futile_iterations += 1
                if self.emitter is not None:
                    self.emitter.futile_iteration(self.futile_in_a_row)
            else:
                self.futile_in_a_row = 0
        return verdict

    def _spins(self):
        return self.futile_in_a_row >= FUTILE_ITERATIONS_BEFORE_TIME_MOVES

    def _verdict(self):
        timers = self._timers
        if timers and timers[0][2].callback is None:
            self._drop_cancelled_timers()
        if not timers and not self._arrivals:
            if not self._ready:
                return "quiescent"
            if self._spins():
                return "spin"
        return "budget" if self.iteration >= self.budget else None

    def _drop_cancelled_timers(self):
        timers = self._timers
        while timers and timers[0][2].callback is None:
            heappop(timers)

    def _poll(self):
        """Adds arrivals to the ready queue, then due timers; moves time where the real loop would block."""
        ready, timers = self._ready, self._timers
        if self._arrivals:
            self._take_arrivals(would_block=not ready and not (timers and timers[0][0] <= self.now))
        if not timers:
            return
        if timers[0][0] > self.now:
            if not ready or self._spins() or (self.choices.asks("elapse") and self.choices.choose("elapse", 2, at=self.iteration)):
                self.now = int(timers[0][0])
                self.time_moved_in = self.iteration
                if self.emitter is not None:
                    self.emitter.time_moved(self.now)
        if timers[0][0] <= self.now:
            self._take_due_timers()

    def _take_due_timers(self):
        due = []
        while self._timers and self._timers[0][0] <= self.now:
            timer = heappop(self._timers)
            if timer[2].callback is not None:
                due.append(timer)
        if self.choices.asks("timer_order"):
            due = self._in_chosen_order(due)
        self._ready.extend(handle for _, _, handle in due)

    def _in_chosen_order(self, due):
        if len(due) == 1:
            return due
        chosen = []
        while due:
            together = sum(timer[0] == due[0][0] for timer in due)
            if together > 1:
                time, ties = self._ties
                nth = ties if time == self.now else 0
                self._ties = (self.now, nth + 1)
                for position in range(together - 1):
                    name = {"at": self.now, "nth": nth, "position": position}
                    chosen.append(due.pop(self.choices.choose("timer_order", together - position, **name)))
            chosen.append(due.pop(0))
        return chosen

    def _run_ready(self):
        """Runs the handles that are ready now. True if at least one ran, and all were delivery passes."""
        ready = self._ready
        ran = 0
        only_passes = True
        for _ in range(len(ready)):
            handle = ready.popleft()
            callback = handle.callback
            if callback is None:
                continue
            self.handles_run += 1
            ran += 1
            if only_passes and not self.is_delivery_pass(callback):
                only_passes = False
            try:
                if handle.context is None:
                    callback(*handle.args)
                else:
                    handle.context.run(callback, *handle.args)
            except (KeyboardInterrupt, SystemExit):
                raise
            except BaseException as error:
                if not self.stopped:
                    self.on_error(error)
            if self.stopped:
                return False
            if self.stepped is not None:
                task, self.stepped = self.stepped, None
                if not task.done():
                    self.emitter.task_parked(task)
            if self.on_parked is not None:
                # A step or a wakeup is a method of its task.
                task = getattr(callback, "__self__", None)
                if isinstance(task, asyncio.Task) and not task.done():
                    self.on_parked(task)
        return only_passes and ran > 0
