"""What the policies share: the parts of anyio's `_deliver_cancellation`."""
import asyncio
from asyncio import get_running_loop

from anyio._backends._asyncio import _task_started


def may_be_cancelled(scope, task, current):
    return task is not current and (task is scope._host_task or _task_started(task))


def is_eligible(scope, task, current):
    return (
        not task.done()
        and not task._must_cancel
        and may_be_cancelled(scope, task, current)
        and not is_waking_up(task)
    )


def is_waking_up(task):
    waiter = task._fut_waiter
    return isinstance(waiter, asyncio.Future) and waiter.done()


def cancel(task, origin):
    task.cancel(origin._cancel_reason)
    if task is origin._host_task and origin._pending_uncancellations is not None:
        origin._pending_uncancellations += 1


def visit_children_and_rearm(scope, origin, should_retry):
    for child in scope._child_scopes:
        if not child._shield and not child.cancel_called:
            should_retry = child._deliver_cancellation(origin) or should_retry
    if origin is scope:
        if should_retry:
            scope._cancel_handle = get_running_loop().call_soon(scope._deliver_cancellation, origin)
        else:
            scope._cancel_handle = None
    return should_retry
