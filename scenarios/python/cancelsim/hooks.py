"""What the recorder changes in the anyio and asyncio that it observes: sets iterate in a definite order, and delivery
passes and calls of `cancel()` are reported. All the rest is the library as it is.
"""
import asyncio
from asyncio import current_task

from anyio._backends._asyncio import CancelScope
from anyio._core._eventloop import set_current_async_library

# The run that the libraries are serving: there is one at a time in a process, and their classes are one too.
run = None


def install(make_pass):
    """Changes anyio's CancelScope and asyncio's TaskGroup, once in a process. `make_pass` replaces the delivery pass.

    Returns how to tell a delivery pass from other callbacks, and what to call when a task has given way: None for all
    policies that are no more than a pass.
    """
    initialise, cancel = CancelScope.__init__, CancelScope.cancel

    def ordered_init(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        self._tasks = run.ordered_set()
        self._child_scopes = run.ordered_set()
        run.scope_made(self)

    def reported_cancel(self, *args, **kwargs):
        if not self._cancel_called:
            task = current_task()
            run.emit("cancel", run.label_of_scope.get(self), task and task.label)
        return cancel(self, *args, **kwargs)

    def reported_pass(self, origin):
        if origin is not self:
            return make_pass(self, origin)
        return report(self, lambda: make_pass(self, origin))

    def report(scope, make_pass):
        loop = run.loop
        loop.cancelled_by_pass = cancelled = []
        try:
            rearmed = bool(make_pass())
        finally:
            loop.cancelled_by_pass = None
        run.emit("deliver", run.label_of_scope.get(scope), cancelled, rearmed)
        return rearmed

    CancelScope.__init__ = ordered_init
    CancelScope.cancel = reported_cancel
    CancelScope._deliver_cancellation = reported_pass
    _order_asyncio_groups()
    # Outside of tasks anyio does not know on which library it runs, unless it is told.
    set_current_async_library("asyncio")
    parked = getattr(make_pass, "parked", None)
    return (
        lambda callback: getattr(callback, "__func__", None) is reported_pass,
        parked and (lambda task: parked(task, report)),
    )


def _order_asyncio_groups():
    initialise = asyncio.TaskGroup.__init__

    def ordered_init(self, *args, **kwargs):
        initialise(self, *args, **kwargs)
        self._tasks = run.ordered_set()

    asyncio.TaskGroup.__init__ = ordered_init
