"""The proposed change as a monkey patch: importing this module replaces anyio's delivery pass by `ask_waiter`.

Two helpers and seven changed lines against anyio 4.14.2 and 4.15.1, src/anyio/_backends/_asyncio.py. PROPOSAL.md explains it.
"""
import asyncio
from asyncio import current_task, get_running_loop

from anyio._backends._asyncio import CancelScope, _task_started


def _deliver_cancellation(self, origin):
    should_retry = False
    current = current_task()
    for task in self._tasks:
        # Always skip tasks that are already done (see issue #1111)
        if task.done():
            continue

        # The task is eligible for cancellation if it has started
        if not task._must_cancel and task is not current and (task is self._host_task or _task_started(task)):
            waiter = task._fut_waiter
            if not isinstance(waiter, asyncio.Future) or not waiter.done():
                task.cancel(origin._cancel_reason)
                if task is origin._host_task and origin._pending_uncancellations is not None:
                    origin._pending_uncancellations += 1

        # Nothing can interrupt a task whose cancellation is pending while what it waits for is not done: it has refused.
        # Instead of asking in every iteration whether it still does, have it call back.
        waiter = task._fut_waiter
        if task._must_cancel and isinstance(waiter, asyncio.Future) and not waiter.done():
            _ask(waiter, origin)
        else:
            should_retry = True

    # Deliver cancellation to child scopes that aren't shielded or running their own cancellation callbacks
    for scope in self._child_scopes:
        if not scope._shield and not scope.cancel_called:
            should_retry = scope._deliver_cancellation(origin) or should_retry

    # Schedule another callback if there are still tasks left
    if origin is self:
        if should_retry:
            self._cancel_handle = get_running_loop().call_soon(self._deliver_cancellation, origin)
        else:
            self._cancel_handle = None

    return should_retry


_asked = set()  # of (waiter, scope): nobody is asked twice


def _ask(waiter, origin):
    if (waiter, origin) in _asked:
        return

    def run_again(_):
        _asked.discard((waiter, origin))
        if origin._host_task is not None and origin._cancel_handle is None:
            origin._deliver_cancellation(origin)

    _asked.add((waiter, origin))
    waiter.add_done_callback(run_again)


CancelScope._deliver_cancellation = _deliver_cancellation
