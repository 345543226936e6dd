"""The policy `narrow`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def narrow(self, origin):
    """The pass of 4.13.0, with done tasks skipped: every live task sets retry."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done():
            continue
        should_retry = True
        if task._must_cancel:
            continue
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
    return visit_children_and_rearm(self, origin, should_retry)
