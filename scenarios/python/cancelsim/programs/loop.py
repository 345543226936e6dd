"""The virtual loop for programs: seconds as floats, contexts, threads, and the rest of what asyncio and anyio ask of a loop."""
import asyncio
import contextvars
import functools
import itertools
import math
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor

from cancelsim.loop import Handle, TimerHandle, VirtualLoop
from cancelsim.programs import refusals
from cancelsim.programs.threads import Call
from cancelsim.programs.virtual import NANOSECONDS, START

NEVER = 2**63 - 1  # sim::kInfinity
# An arrival that comes when it likes is asked so many iterations ahead: the answer is how many it waits.
FARTHEST_ASKED = 16


class ProgramTask:
    """A task whose hash is its number: sets of tasks iterate as they were made, and not by address."""

    def __init__(self, coro, *, loop, **options):
        self.number = len(loop.tasks)
        super().__init__(coro, loop=loop, **options)

    def __hash__(self):
        return self.number


@functools.cache
def program_task(task_class):
    """A ProgramTask that is also a task of that class; in texts it is a Task, as on any loop."""
    return type("Task", (ProgramTask, task_class), {})


class StepContext:
    """The context of a task's step, where it is told when the step brings the task a CancelledError."""

    __slots__ = ("_context", "_task", "_on_interrupted")

    def __init__(self, context, task, on_interrupted):
        self._context = context
        self._task = task
        self._on_interrupted = on_interrupted

    def run(self, step, *waited_for):
        if self._task._must_cancel or any(future.cancelled() for future in waited_for):
            self._on_interrupted(self._task)
        self._context.run(step, *waited_for)


class Arrival:
    """A call from outside that comes when it likes."""

    __slots__ = ("number", "iteration", "late", "callback")

    def __init__(self, number, iteration, callback):
        self.number = number
        self.iteration = iteration  # not before
        self.late = 0
        self.callback = callback


class ProgramLoop(VirtualLoop):
    """Time is counted in whole nanoseconds from the beginning of the run (`now`, `ticks`); the program sees seconds.

    `on_interrupted(task)` is called when a CancelledError is about to be thrown into a task.
    Once main has ended time stands still, and nothing more comes from outside: what is ready runs, and the run is over.
    """

    def __init__(self, budget, is_delivery_pass, on_parked, choices, on_interrupted):
        super().__init__(budget, is_delivery_pass, on_parked, choices)
        self.on_interrupted = on_interrupted
        self.is_outside = False  # what runs in no task may be a callback of the program's own
        self.main_has_ended = False
        self.after_iteration = []  # functions
        self._seconds = START
        self._free = []  # Arrivals
        self._arrivals_announced = 0
        self._executor = None
        self._exception_handler = None
        self._asyncgens = weakref.WeakSet()

    # Time.

    def time(self):
        return self._seconds

    @staticmethod
    def ticks(when):
        return ProgramLoop.duration(when - START)

    @staticmethod
    def duration(seconds):
        nanoseconds = seconds * NANOSECONDS
        return NEVER if nanoseconds >= NEVER else -NEVER if nanoseconds <= -NEVER else round(nanoseconds)

    def block(self, seconds):
        """The loop's thread sleeps."""
        self._move_to(self.now + round(seconds * NANOSECONDS))
        self.time_moved_in = self.iteration
        if self.emitter is not None:
            self.emitter.time_moved(self.now)

    def _move_to(self, now):
        self.now = now
        self._seconds = max(self._seconds, START + now / NANOSECONDS)

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self._seconds + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        context = contextvars.copy_context() if context is None else context  # an empty one is false
        handle = TimerHandle(when, callback, args, context)
        self._schedule(self.ticks(when), handle)
        return handle

    def _take_due_timers(self):
        before = len(self._ready)
        self._move_to(self.now)
        super()._take_due_timers()
        # No timer runs before its time, though floats that are a nanosecond apart at most count as one.
        for handle in itertools.islice(self._ready, before, None):
            self._seconds = max(self._seconds, handle.when())

    # Handles and tasks.

    def call_soon(self, callback, *args, context=None):
        context = contextvars.copy_context() if context is None else context
        task = getattr(callback, "__self__", None)
        name = getattr(callback, "__name__", None)  # a step has none
        if isinstance(task, asyncio.Task) and name in (None, "task_wakeup"):
            if not isinstance(task, ProgramTask):
                refusals.refuse("tasks that the loop has not made (asyncio.Task)")
            if args and self.emitter is not None:
                self.emitter.task_ready(task, args[0])
            context = StepContext(context, task, self.on_interrupted)
        handle = Handle(callback, args, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def create_task(self, coro, *, name=None, context=None, **options):
        name = f"Task-{len(self.tasks) + 1}" if name is None else name
        return super().create_task(coro, name=name, context=context, **options)

    # From outside.

    def arrive(self, callback, iteration=0):
        """Has the outside world call a function when it likes, but not before that iteration, nor before the next."""
        self._free.append(Arrival(self._arrivals_announced, max(iteration, self.iteration + 1), callback))
        self._arrivals_announced += 1

    def set_arrivals(self, arrivals):
        super().set_arrivals(arrivals)
        self._arrivals_announced = len(self._arrivals)

    def call_in_thread(self, function):
        self.arrive(Call(self, function).advance)

    def let_threads_end(self, is_over):
        """The loop's thread waits: what is outside goes on until `is_over()`, or nothing is left of it."""
        while self._free and not is_over():
            self._free.pop(0).callback()

    def _poll(self):
        self._take_free_arrivals()
        super()._poll()

    def _take_free_arrivals(self):
        """Before those of fixed iterations. With nothing else to wait for, the first comes."""
        for arrival in list(self._free):
            if arrival.iteration > self.iteration:
                continue
            wait = self._asked_wait(arrival)
            if wait:
                arrival.late += wait
                arrival.iteration = self.iteration + wait
            else:
                self._let_come(arrival)
        if self._free and not self._ready and not self._timers and not self._arrivals:
            self._let_come(min(self._free, key=lambda arrival: arrival.iteration))

    def _asked_wait(self, arrival):
        if not self.choices.asks("arrival"):
            return 0
        return self.choices.choose("arrival", FARTHEST_ASKED, owner=arrival.number, at=arrival.late)

    def _let_come(self, arrival):
        self._free.remove(arrival)
        self.call_outside(arrival.callback)

    def call_outside(self, callback):
        # In no task, and in a context of its own. A function may end the run.
        contextvars.copy_context().run(callback)

    def from_outside(self, function):
        """The function, as the outside world calls it."""

        def called():
            self.is_outside = True
            try:
                function()
            finally:
                self.is_outside = False

        return called

    def _cancel_one_of(self, targets):
        self.from_outside(lambda: super(ProgramLoop, self)._cancel_one_of(targets))()

    # Running.

    def run(self):
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgens.add, finalizer=self._finalize_asyncgen)
        try:
            return super().run()
        finally:
            sys.set_asyncgen_hooks(*hooks)

    def _finalize_asyncgen(self, generator):
        self._asyncgens.discard(generator)
        if not self.stopped:
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    def _verdict(self):
        if self.main_has_ended:
            self._timers.clear()
            self._arrivals.clear()
            self._free.clear()
        verdict = super()._verdict()
        return None if verdict in ("quiescent", "spin") and self._free else verdict

    def _run_ready(self):
        only_passes = super()._run_ready()
        for function in self.after_iteration:
            if not self.stopped:
                function()
        return only_passes

    def stop(self):
        """asyncio's own callback calls it when main is done, as `run_until_complete` has it."""
        self.main_has_ended = True
        self.injections_left = 0

    # Executors.

    def run_in_executor(self, executor, function, *args):
        if executor is None:
            if self._executor is None:
                self._executor = ThreadPoolExecutor()
            executor = self._executor
        return asyncio.wrap_future(executor.submit(function, *args), loop=self)

    def set_default_executor(self, executor):
        self._executor = executor

    async def shutdown_default_executor(self, timeout=None):
        pass

    async def shutdown_asyncgens(self):
        for generator in list(self._asyncgens):
            await generator.aclose()

    # Errors.

    def set_exception_handler(self, handler):
        self._exception_handler = handler

    def get_exception_handler(self):
        return self._exception_handler

    def default_exception_handler(self, context):
        """asyncio prints what nobody retrieved. That is no part of a run."""

    def call_exception_handler(self, context):
        if self._exception_handler is not None and not self.stopped:
            self._exception_handler(self, context)

    def set_debug(self, enabled):
        """A debugging loop is slower, and no different: it is not asked for."""

    slow_callback_duration = 0.1

    def _inside(self, *args):
        raise RuntimeError("This event loop is already running")

    run_forever = run_until_complete = close = _inside

    def set_task_factory(self, factory):
        refusals.refuse("task factory of its own")


for _what, _names in refusals.OF_THE_LOOP.items():
    for _name in _names:
        setattr(ProgramLoop, _name, refusals.of_the_loop(_what))
