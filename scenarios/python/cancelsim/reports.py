"""Context managers that an instrumented program has around its statements, to report how they are left.

They look at exceptions and handle none while a task waits, so they change no exception's context. They are `with`
blocks of the task's own frame, since the context that an exception has there is not complete one frame further in
(CASES.md, "Context", rule (b)). What was done with an unbound name raises Unbound, which ends here as a `skip`.
"""
from cancelsim.outcomes import outcome


class Unbound(BaseException):
    """A statement names what was never bound."""


class CallReport:
    """Around a statement that does not wait."""

    __slots__ = ("run", "task", "number", "result")

    def __init__(self, run, task, number):
        self.run = run
        self.task = task
        self.number = number

    def __enter__(self):
        return self

    def __exit__(self, error_type, error, traceback):
        if error is None:
            self.completed()
        elif error_type is Unbound:
            self.run.emit("skip", self.task, self.number)
            return True
        else:
            self.run.emit("raised", self.task, self.number, outcome(error))

    def completed(self):
        pass


class ItemNowReport(CallReport):
    __slots__ = ()

    def completed(self):
        self.run.emit("item", self.task, self.number, self.result)


class AwaitReport(CallReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        if error_type is Unbound:
            self.run.emit("skip", self.task, self.number)
            return True
        self.run.emit("await", self.task, self.number, outcome(error))
        if error is None:
            self.completed()


class ItemReport(AwaitReport):
    __slots__ = ()
    completed = ItemNowReport.completed


class GatherReport(AwaitReport):
    __slots__ = ()

    def completed(self):
        results = [outcome(result) for result in self.result]
        self.run.emit("results", self.task, self.number, results)


class WaitReport(AwaitReport):
    """Around `cancelsim.wait`, which leaves here the tasks that it waited for, in the order named."""

    __slots__ = ()

    def completed(self):
        done, _ = self.result
        labels = [task.label for task in self.run.waited_for[self] if task in done]
        self.run.emit("results", self.task, self.number, labels)


class BlockReport:
    """Around a block. `enter` is told what the block enters, before it does: a name might be bound again before it is left."""

    __slots__ = ("run", "task", "entered")

    def __init__(self, run, task):
        self.run = run
        self.task = task

    def __enter__(self):
        return self

    def made(self, name, made):
        self.entered = made
        return self.run.made(name, made)


class ScopeReport(BlockReport):
    __slots__ = ()

    def of(self, scope):
        self.entered = self.run.scope_of(scope)
        return self.entered

    def late(self, name, manager):
        """Of a scope that `manager` makes when it is entered."""
        self.run.name_next_scope(name, self)
        return manager

    def __exit__(self, error_type, error, traceback):
        self.emit("scope_exit", self.entered, error)

    def emit(self, kind, scope, error):
        label = self.run.label_of_scope[scope]
        self.run.emit(kind, self.task, label, scope.cancel_called, scope.cancelled_caught, outcome(error))


class GroupReport(ScopeReport):
    __slots__ = ()

    def of(self, group):
        self.entered = self.run.group_of(group)
        return self.entered

    def __exit__(self, error_type, error, traceback):
        self.emit("group_exit", self.entered.cancel_scope, error)


class TimeoutReport(BlockReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        timeout = self.entered
        self.run.emit("timeout_exit", self.task, self.run.label_of[timeout], timeout.expired(), outcome(error))


class AsyncioGroupReport(BlockReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        self.run.emit("asyncio_group_exit", self.task, self.run.label_of[self.entered], outcome(error))


class HoldReport:
    """Around `async with` on an object: its entry is what is awaited."""

    __slots__ = ("run", "task", "number", "name", "is_entered")

    def __init__(self, run, task, number, name):
        self.run = run
        self.task = task
        self.number = number
        self.name = name
        self.is_entered = False

    def __enter__(self):
        return self

    def entered(self):
        self.is_entered = True
        self.run.emit("await", self.task, self.number, "ok")

    def __exit__(self, error_type, error, traceback):
        if self.is_entered:
            self.run.emit("object_exit", self.task, self.name, outcome(error))
        else:
            self.run.emit("await", self.task, self.number, outcome(error))
