"""The policy `v2`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def v2(self, origin):
    """`v1`, but the current task is skipped, and a task with `_must_cancel` sets no retry."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task is current or task._must_cancel:
            continue
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
            should_retry = True
    return visit_children_and_rearm(self, origin, should_retry)
