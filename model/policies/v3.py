"""The policy `v3`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def v3(self, origin):
    """`v2`, and done tasks are skipped."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done() or task is current or task._must_cancel:
            continue
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
            should_retry = True
    return visit_children_and_rearm(self, origin, should_retry)
