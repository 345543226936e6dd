"""The policy `edge`, for the real anyio."""
from asyncio import current_task

from cancelsim.policies.passes import cancel, is_waking_up, may_be_cancelled, visit_children_and_rearm


def edge(self, origin):
    """`narrow` without any retry: a pass never re-arms."""
    current = current_task()
    for task in self._tasks:
        if task.done() or task._must_cancel:
            continue
        if may_be_cancelled(self, task, current) and not is_waking_up(task):
            cancel(task, origin)
    return visit_children_and_rearm(self, origin, False)
