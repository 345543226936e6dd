"""Delivery policies: what `CancelScope._deliver_cancellation` is replaced with, and nothing else is.

A policy is a function `(scope, origin) -> bool` that makes one pass and returns whether the scope is to be visited
again, as anyio's own pass does. They repeat each other on purpose: each reads like the patch that it is. To add one,
write it and name it in POLICIES.
"""
import asyncio
from asyncio import current_task, get_running_loop
from weakref import WeakKeyDictionary, WeakSet

from anyio._backends._asyncio import CancelScope, _task_started, _task_states

UPSTREAM = CancelScope._deliver_cancellation


def v1(self, origin):
    """Retry only for a task with `_must_cancel`, or when `cancel()` was called in this pass."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task._must_cancel:
            should_retry = True
            continue
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
            should_retry = True
    return _visit_children_and_rearm(self, origin, should_retry)


def v2(self, origin):
    """`v1`, but the current task is skipped, and a task with `_must_cancel` sets no retry."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task is current or task._must_cancel:
            continue
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
            should_retry = True
    return _visit_children_and_rearm(self, origin, should_retry)


def v3(self, origin):
    """`v2`, and done tasks are skipped."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done() or task is current or task._must_cancel:
            continue
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
            should_retry = True
    return _visit_children_and_rearm(self, origin, should_retry)


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
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
    return _visit_children_and_rearm(self, origin, should_retry)


def pr1260(self, origin):
    """`narrow`, but a task with `_must_cancel` sets no retry: whoever will consume that one."""
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done() or task._must_cancel:
            continue
        should_retry = True
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
    return _visit_children_and_rearm(self, origin, should_retry)


def edge(self, origin):
    """`narrow` without any retry: a pass never re-arms."""
    current = current_task()
    for task in self._tasks:
        if task.done() or task._must_cancel:
            continue
        if _may_be_cancelled(self, task, current) and not _is_waking_up(task):
            _cancel(task, origin)
    return _visit_children_and_rearm(self, origin, False)


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
            and _may_be_cancelled(self, task, current)
            and not _is_waking_up(task)
        ):
            _cancel(task, origin)
        waiter = task._fut_waiter
        if task._must_cancel and isinstance(waiter, asyncio.Future) and not waiter.done():
            _run_again_when_done(waiter, origin)
        else:
            should_retry = True
    return _visit_children_and_rearm(self, origin, should_retry)


def event_driven(self, origin):
    """No retry at all: whoever can be interrupted now is, and whoever cannot is when it parks."""
    current = current_task()
    for task in self._tasks:
        if _is_eligible(self, task, current):
            _cancel(task, origin)
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
            if _is_eligible(innermost, task, None):
                deliver_to(scope, lambda: _cancel(task, scope))
            return
        if scope._shield:
            return
        scope = scope._parent_scope


# asyncio has no such hook: EVENT_DRIVEN.md, beside the simulator's policies, says how anyio could have one.
event_driven.parked = _deliver_where_it_parks

POLICIES = {
    "upstream": UPSTREAM,
    "v1": v1,
    "v2": v2,
    "v3": v3,
    "narrow": narrow,
    "pr1260": pr1260,
    "edge": edge,
    "ask_waiter": ask_waiter,
    "event_driven": event_driven,
}


def _may_be_cancelled(scope, task, current):
    return task is not current and (task is scope._host_task or _task_started(task))


def _is_eligible(scope, task, current):
    return (
        not task.done()
        and not task._must_cancel
        and _may_be_cancelled(scope, task, current)
        and not _is_waking_up(task)
    )


def _is_waking_up(task):
    waiter = task._fut_waiter
    return isinstance(waiter, asyncio.Future) and waiter.done()


def _cancel(task, origin):
    task.cancel(origin._cancel_reason)
    if task is origin._host_task and origin._pending_uncancellations is not None:
        origin._pending_uncancellations += 1


def _visit_children_and_rearm(scope, origin, should_retry):
    for child in scope._child_scopes:
        if not child._shield and not child.cancel_called:
            should_retry = child._deliver_cancellation(origin) or should_retry
    if origin is scope:
        if should_retry:
            scope._cancel_handle = get_running_loop().call_soon(scope._deliver_cancellation, origin)
        else:
            scope._cancel_handle = None
    return should_retry


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
