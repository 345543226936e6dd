"""The policy `event_driven`, for the real anyio."""
from asyncio import current_task

from anyio._backends._asyncio import _task_states

from cancelsim.policies.passes import cancel, is_eligible


def event_driven(self, origin):
    """No retry at all: whoever can be interrupted now is, and whoever cannot is when it parks."""
    current = current_task()
    for task in self._tasks:
        if is_eligible(self, task, current):
            cancel(task, origin)
    for child in self._child_scopes:
        if not child._shield and not child.cancel_called:
            child._deliver_cancellation(origin)
    return False


def _deliver_where_it_parks(task, deliver_to):
    """`deliver_to(scope, make_pass)` reports a pass of `scope` that is made outside of `_deliver_cancellation`."""
    state = _task_states.get(task)
    scope = innermost = state.cancel_scope if state is not None else None
    while scope is not None:
        if scope._cancel_called:
            if is_eligible(innermost, task, None):
                deliver_to(scope, lambda: cancel(task, scope))
            return
        if scope._shield:
            return
        scope = scope._parent_scope


# asyncio has no such hook: EVENT_DRIVEN.md says how anyio could have one.
event_driven.parked = _deliver_where_it_parks
