"""The policy `pr1260`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def pr1260(self, origin):
    """`narrow`, but a task with `_must_cancel` sets no retry: whoever will consume that one."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done() or task._must_cancel:
            continue
        should_retry = True
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
    return visit_children_and_rearm(self, origin, should_retry)
