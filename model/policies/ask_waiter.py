"""The policy `ask_waiter`, for the real anyio."""
import asyncio
from asyncio import current_task
from weakref import WeakKeyDictionary, WeakSet

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def ask_waiter(self, origin):
    """`narrow`, but a task that nothing can interrupt before its waiter is done sets no retry. Such are a task whose
    waiter has refused to be cancelled, and one with `_must_cancel` pending while its waiter is not done. A done
    callback on that waiter runs the pass again."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done():
            continue
        if (
            not task._must_cancel
            and may_be_cancelled(self, task, current)
            and not is_waking_up(task)
        ):
            cancel(task, origin)
        waiter = task._fut_waiter
        if task._must_cancel and isinstance(waiter, asyncio.Future) and not waiter.done():
            _run_again_when_done(waiter, origin)
        else:
            should_retry = True
    return visit_children_and_rearm(self, origin, should_retry)


# The waiters that each scope has asked, so that it asks none twice.
_asked = WeakKeyDictionary()


def _run_again_when_done(waiter, origin):
    asked = _asked.setdefault(origin, WeakSet())
    if waiter in asked:
        return
    asked.add(waiter)

    def run_pass(_):
        asked.discard(waiter)
        # A scope that was left meanwhile has nothing to deliver, and one that is armed will run its pass anyway.
        if origin._host_task is not None and origin._cancel_handle is None:
            origin._deliver_cancellation(origin)

    waiter.add_done_callback(run_pass)
