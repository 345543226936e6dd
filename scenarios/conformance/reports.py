"""Context managers that a compiled case puts around its awaits and blocks, to report how they are left.

They look at exceptions and handle none while a task waits, so they change no exception's context. They are `with`
blocks of the task's own frame, since the context that an exception has there is not complete one frame further in
(CASES.md, "Context", rule (b)).
"""
from traces import outcome


class AwaitReport:
    __slots__ = ("run", "task", "statement")

    def __init__(self, run, task, statement):
        self.run = run
        self.task = task
        self.statement = statement

    def __enter__(self):
        pass

    def __exit__(self, error_type, error, traceback):
        self.run.emit("await", self.task, self.statement, outcome(error))


class ScopeReport:
    """The block inside stores its scope here: a name might be bound again before the block is left."""

    __slots__ = ("run", "task", "scope")

    def __init__(self, run, task):
        self.run = run
        self.task = task

    def __enter__(self):
        return self

    def __exit__(self, error_type, error, traceback):
        self.emit("scope_exit", self.scope, error)

    def emit(self, kind, scope, error):
        label = self.run.label_of_scope[scope]
        self.run.emit(kind, self.task, label, scope.cancel_called, scope.cancelled_caught, outcome(error))


class GroupReport(ScopeReport):
    __slots__ = ("group",)

    def __exit__(self, error_type, error, traceback):
        self.emit("group_exit", self.group.cancel_scope, error)
