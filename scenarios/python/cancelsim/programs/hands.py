"""Which cancellations a program has swallowed. Its handlers tell of nothing; but where a task gives way or returns, the CancelledError
that a request has brought is handled by one of its frames, or kept in a variable of one, or gone.
"""
import gc
from asyncio import CancelledError

from cancelsim.programs.sites import parked_in

NO_STATEMENT = -1


class Hands:
    """Tells the emitter of one run of each such CancelledError, when no frame of its task has it any more and neither a scope nor
    `uncancel()` has answered it.
    """

    def __init__(self, emitter):
        self._emitter = emitter
        self._requested = set()  # tasks that a request is on the way to
        self._brought = {}  # task -> the CancelledErrors that requests have brought, and that are not gone

    def requested(self, task):
        self._requested.add(task)

    def resumed(self, task, error):
        if task in self._requested and isinstance(error, CancelledError):
            self._requested.discard(task)
            self._brought.setdefault(task, []).append(error)

    def uncancelled(self, task):
        if self._brought.get(task):
            self._brought[task].pop()

    def scope_swallowed(self, task, error):
        if self._brought.get(task):
            self._brought[task] = _none_of(_chains([error]), self._brought[task])

    def parked(self, task):
        if self._brought.get(task):
            self._tell(task, _chains(_held(task)))

    def done(self, task, error):
        """An error that ends the task does not leave it at that: whoever waits for the task learns of it."""
        if error is None and self._brought.get(task):
            self._tell(task, ())
        self._brought.pop(task, None)

    def _tell(self, task, held):
        gone = _none_of(held, self._brought[task])
        self._brought[task] = _none_of(gone, self._brought[task])
        for error in gone:
            self._emitter.caught(task, NO_STATEMENT, error, True)


def _held(task):
    """The exceptions that the frames of a parked task handle, or have in a variable."""
    for awaitable, _ in parked_in(task.get_coro()):
        for value in gc.get_referents(awaitable):
            if isinstance(value, BaseException):
                yield value


def _chains(errors):
    """The errors, and all that they have replaced or hold."""
    found, left = [], list(errors)
    while left:
        error = left.pop()
        if error is None or any(error is each for each in found):
            continue
        found.append(error)
        left += (error.__context__, error.__cause__)
        if isinstance(error, BaseExceptionGroup):
            left += error.exceptions
    return found


def _none_of(left_out, errors):
    return [error for error in errors if not any(error is each for each in left_out)]
