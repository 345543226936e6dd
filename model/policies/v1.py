"""The policy `v1`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def v1(self, origin):
    """Retry only for a task with `_must_cancel`, or when `cancel()` was called in this pass."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task._must_cancel:
            should_retry = True
            continue
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
            should_retry = True
    return visit_children_and_rearm(self, origin, should_retry)
