"""Tells of cancel scopes that re-arm themselves: one log line each. Import it once, before anyio is used.

    import spin_watch            # warnings go to the logger `spin_watch`
    spin_watch.PASSES = 1000     # in a row, one an iteration of the loop, until a scope is told of

It costs a dictionary look-up a delivery pass, and a walk up the stack for each scope that is entered. It changes nothing
that anyio does.
"""
import asyncio
import logging
import sys
import time
import weakref

from anyio._backends._asyncio import CancelScope

PASSES = 1000

_log = logging.getLogger("spin_watch")
_deliver = CancelScope._deliver_cancellation
_enter = CancelScope.__enter__
entered_at = weakref.WeakKeyDictionary()  # where, by scope
_rows = weakref.WeakKeyDictionary()  # [passes in a row, since when], by scope


def _entering(self):
    frame = sys._getframe(1)
    while frame.f_back is not None and ("/anyio/" in frame.f_code.co_filename or "/contextlib.py" in frame.f_code.co_filename):
        frame = frame.f_back
    entered_at[self] = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    return _enter(self)


def _delivering(self, origin):
    goes_on = _deliver(self, origin)
    if self is not origin:
        return goes_on
    if not goes_on:
        _rows.pop(self, None)
        return goes_on
    row = _rows.get(self)
    if row is None:
        row = _rows[self] = [0, time.monotonic()]
    row[0] += 1
    if row[0] == PASSES:
        _tell(self, time.monotonic() - row[1])
    return goes_on


def _tell(scope, seconds):
    tasks = ", ".join(f"{task.get_name()} ({_state(task)})" for each in _below(scope) for task in each._tasks)
    _log.warning(
        "cancel scope entered at %s spins: %d delivery passes in %.3f s; it holds %s",
        entered_at.get(scope, "?"),
        PASSES,
        seconds,
        tasks or "no task",
    )


def _below(scope):
    yield scope
    for child in scope._child_scopes:
        if not child._shield and not child.cancel_called:
            yield from _below(child)


def _state(task):
    if task.done():
        return "done"
    waiter = task._fut_waiter
    return "its waiter refuses" if task._must_cancel and isinstance(waiter, asyncio.Future) else "not cancelled yet"


CancelScope.__enter__ = _entering
CancelScope._deliver_cancellation = _delivering
