"""Makes the trace of a run (CASES.md, "A trace"). `me` is the task that executes a statement, None outside of tasks."""
from asyncio import current_task

from cancelsim.outcomes import outcome


def label_of(me):
    return None if me is None else me.label


class Tracer:
    def __init__(self, run):
        self._run = run
        self._loop = run.loop
        self.events = []

    def _emit(self, *event):
        self.events.append((self._loop.iteration, self._loop.now, *event))

    def ended_run(self, end):
        """The last event. Whatever is still executed afterwards, on the way out of a runaway, leaves no trace."""
        self._emit("end", end)
        self._emit = lambda *event: None

    def body_began(self, task):
        self._emit("task_start", task.label)

    def body_ended(self, task, error):
        self._emit("task_end", task.label, outcome(error), task.cancelling())

    def ended(self, me, statement, error):
        self._emit("await", me.label, statement, outcome(error))

    def raised(self, me, statement, error):
        self._emit("raised", label_of(me), statement, outcome(error))

    def skipped(self, me, statement):
        self._emit("skip", label_of(me), statement)

    def noted(self, me, statement, text):
        self._emit("note", label_of(me), text)

    def caught(self, me, statement, error, swallows):
        self._emit("caught", me.label, statement, outcome(error))

    def scope_block_left(self, me, scope, error):
        self._scope_left("scope_exit", me, scope, error)

    def group_block_left(self, me, group, error):
        self._scope_left("group_exit", me, group.cancel_scope, error)

    def _scope_left(self, kind, me, scope, error):
        label = self._run.label_of_scope[scope]
        self._emit(kind, me.label, label, scope.cancel_called, scope.cancelled_caught, outcome(error))

    def timeout_block_left(self, me, timeout, error):
        self._emit("timeout_exit", me.label, self._run.label_of[timeout], timeout.expired(), outcome(error))

    def asyncio_group_block_left(self, me, group, error):
        self._emit("asyncio_group_exit", me.label, self._run.label_of[group], outcome(error))

    def object_block_left(self, me, statement, name, error):
        self._emit("object_exit", me.label, name, outcome(error))

    def offered(self, me, statement, item):
        self._emit("offer", label_of(me), statement, item)

    def received(self, me, statement, item):
        self._emit("item", label_of(me), statement, item)

    def gathered(self, me, statement, results):
        self._emit("results", me.label, statement, [outcome(result) for result in results])

    def waited(self, me, statement, done):
        self._emit("results", me.label, statement, [task.label for task in done])

    def scope_cancelled(self, scope):
        self._emit("cancel", self._run.label_of_scope.get(scope), label_of(current_task()))

    def pass_ended(self, scope, cause, cancelled, rearmed):
        self._emit("deliver", self._run.label_of_scope.get(scope), cancelled, rearmed)

    def callback_failed(self, error):
        self._emit("callback_error", outcome(error))


class Tell:
    """Tells all of `listeners` what they have a method for."""

    def __init__(self, *listeners):
        self._listeners = listeners

    def __getattr__(self, name):
        """Not before it is told of: from then on it is an attribute."""
        methods = [getattr(listener, name) for listener in self._listeners if hasattr(listener, name)]
        if len(methods) == 1:
            tell = methods[0]
        else:

            def tell(*arguments):
                for method in methods:
                    method(*arguments)

        setattr(self, name, tell)
        return tell
