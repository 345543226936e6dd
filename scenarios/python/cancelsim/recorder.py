"""Records cases: the trace lines of CASES.md, from the anyio and the asyncio that this process has imported."""
import gc
import os
import pickle
import time
import traceback
import warnings
from array import array

from cancelsim import hooks, policies, program
from cancelsim.case import CaseError
from cancelsim.choices import NO_CHOICES
from cancelsim.events import watch
from cancelsim.events.lines import event_lines
from cancelsim.outcomes import trace_line
from cancelsim.run import Run

# Tasks that a run has left unfinished. They are to be discarded without running their `finally` blocks, but Python
# runs these when it frees a coroutine. So they live as long as the process does, and see `in_child`.
abandoned = []


class Recorder:
    """There can be one policy in a process. `events`: whether runs can be told of in typed events, too."""

    def __init__(self, policy="upstream", order="insertion", events=False):
        self.hooks = hooks.install(policies.find(policy))
        self.order = order
        if events:
            watch.install()
        # A child that is cancelled before it starts leaves a coroutine that was never awaited. That is no news.
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", ResourceWarning)

    def run(self, a_program, choices=NO_CHOICES):
        """Runs a program to its end."""
        run = hooks.run = Run(a_program, self.hooks, self.order, choices)
        run.run()
        abandoned.append((run, run.unfinished()))
        return run

    def trace_line(self, case):
        """The trace of a case, as a line without its end; or the CaseError that says why there is none. A string is a program
        in the Python notation."""
        try:
            a_program = program.of_source(case, "program") if isinstance(case, str) else program.of_case(case)
            return trace_line(a_program.name, self.run(a_program).tracer.events)
        except CaseError as error:
            return error

    def events_of(self, case, names):
        """The lines of the events of a case, whose names are `names`; or the CaseError that says why there are none."""
        try:
            a_program = program.of_case(case)
        except CaseError as error:
            return error
        run = hooks.run = Run(a_program, self.hooks, self.order, emitter_of=watch.watched, tracing=False, names=names)
        run.run()
        abandoned.append((run, run.unfinished()))
        return event_lines(array("q", run.emitter.stream()), run.emitter.strings)

    def trace_lines(self, cases):
        """The same for many cases. They are run in a child process, with which everything unfinished goes."""
        return in_child(lambda: [self.trace_line(case) for case in cases])

    def speed(self, case, seconds):
        """Runs a case over and over. Returns how often in a second of CPU time, and with how many callbacks a run."""
        a_program = program.of_case(case)
        return in_child(lambda: self._speed(a_program, seconds))

    def _speed(self, a_program, seconds):
        gc.enable()  # as in a program that people run
        self.run(a_program)
        runs, callbacks, start = 0, 0, time.process_time()
        while (elapsed := time.process_time() - start) < seconds:
            callbacks += self.run(a_program).loop.handles_run
            runs += 1
        return runs / elapsed, callbacks / runs


def in_child(function):
    """Calls the function in a forked child and returns what it returns.

    The child does not live long enough to need garbage collection, and is a tenth faster without."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(readable)
            gc.disable()
            with open(writable, "wb") as pipe:
                pickle.dump(function(), pipe)
            status = 0
        except KeyboardInterrupt:
            pass  # the parent has it too
        except BaseException:
            traceback.print_exc()
        finally:
            # No clean-up of the interpreter: it would close coroutines.
            os._exit(status)
    os.close(writable)
    with open(readable, "rb") as pipe:
        result = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise RuntimeError("the recorder failed: see above")
    return pickle.loads(result)
