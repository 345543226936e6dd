"""Records cases: the trace lines of CASES.md, from the anyio and the asyncio that this process has imported."""
import gc
import os
import pickle
import time
import traceback
import warnings
from asyncio import CancelledError

import anyio
from anyio.lowlevel import cancel_shielded_checkpoint, checkpoint, checkpoint_if_cancelled

import hooks
from compile_case import CaseError, compile_case
from reports import AwaitReport, GroupReport, ScopeReport
from statements import Statements
from traces import line, outcome
from virtual_loop import VirtualLoop

# What a compiled case finds in Python's and anyio's name, besides `run`.
NAMES = {
    name.__name__: name
    for name in (
        AwaitReport,
        BaseException,
        CancelledError,
        Exception,
        GroupReport,
        ScopeReport,
        anyio.sleep,
        cancel_shielded_checkpoint,
        checkpoint,
        checkpoint_if_cancelled,
        range,
    )
}

# Tasks that a run has left unfinished. They are to be discarded without running their `finally` blocks, but Python
# runs these when it frees a coroutine. So they live as long as the process does, and see `in_child`.
abandoned = []


def kernel_family():
    """The part of anyio's version number that can be told from the package itself."""
    if hasattr(anyio, "fail_at"):
        return "4.15"
    return "4.14" if hasattr(anyio, "TaskHandle") else "4.13"


class Recorder:
    """There can be one policy and one order in a process."""

    def __init__(self, policy="upstream", order="insertion"):
        self.is_delivery_pass, self.on_parked = hooks.install(policy, order)
        # A child that is cancelled before it starts leaves a coroutine that was never awaited. That is no news.
        warnings.simplefilter("ignore", RuntimeWarning)

    def run(self, program):
        """Runs a compiled case. Returns its trace and its loop."""
        loop = VirtualLoop(program.budget, self.is_delivery_pass, self.on_parked)
        run = hooks.run = Statements(program, loop, NAMES)
        loop.on_error = lambda error: run.emit("callback_error", outcome(error))
        for when, name in program.timers:
            loop.call_at(when, run.function(name))
        loop.set_arrivals([(iteration, run.function(name)) for iteration, name in program.arrivals])
        loop.create_task(run.task_body("main", "main"))
        verdict = loop.run()
        unfinished = [task for task in loop.tasks if not task.done()]
        abandoned.extend(unfinished)
        armed = (label for scope, label in run.label_of_scope.items() if scope._cancel_handle is not None)
        end = {
            "verdict": verdict,
            "iterations": loop.iteration,
            "handles": loop.handles_run,
            "time": loop.now,
            "hot": loop.futile_iterations,
            "parked": sorted(task.label for task in unfinished if task.label is not None),
            "armed": sorted(armed),
        }
        run.emit("end", end)
        return run.trace, loop

    def trace_line(self, case):
        """The trace of a case, as a line without its end; or the CaseError that says why there is none."""
        try:
            trace, _ = self.run(compile_case(case))
        except CaseError as error:
            return error
        return line(case["name"], trace)

    def trace_lines(self, cases):
        """The same for many cases. They are run in a child process, with which everything unfinished goes."""
        return in_child(lambda: [self.trace_line(case) for case in cases])

    def speed(self, case, seconds):
        """Runs a case over and over. Returns how often in a second of CPU time, and with how many callbacks a run."""
        program = compile_case(case)
        return in_child(lambda: self._speed(program, seconds))

    def _speed(self, program, seconds):
        gc.enable()  # as in a program that people run
        self.run(program)
        runs, callbacks, start = 0, 0, time.process_time()
        while (elapsed := time.process_time() - start) < seconds:
            _, loop = self.run(program)
            runs += 1
            callbacks += loop.handles_run
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
