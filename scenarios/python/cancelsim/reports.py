"""Context managers that an instrumented program has around its statements, to report how they are left.

They look at exceptions and handle none while a task waits, so they change no exception's context. They are `with`
blocks of the task's own frame, since the context that an exception has there is not complete one frame further in
(CASES.md, "Context", rule (b)). What was done with an unbound name raises Unbound, which ends here as a `skip`.
`me` is the task that executes the statement, None outside of tasks.
"""

class Unbound(BaseException):
    """A statement names what was never bound."""


class CallReport:
    """Around a statement that does not wait."""

    __slots__ = ("run", "me", "number", "result")

    def __init__(self, run, me, number):
        self.run = run
        self.me = me
        self.number = number

    def __enter__(self):
        return self

    def __exit__(self, error_type, error, traceback):
        if error is None:
            self.completed()
        elif error_type is Unbound:
            self.run.tell.skipped(self.me, self.number)
            return True
        else:
            self.run.tell.raised(self.me, self.number, error)

    def completed(self):
        pass


class ItemNowReport(CallReport):
    __slots__ = ()

    def completed(self):
        self.run.tell.received(self.me, self.number, self.result)


class AwaitReport(CallReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        if error_type is Unbound:
            self.run.tell.skipped(self.me, self.number)
            return True
        self.run.tell.ended(self.me, self.number, error)
        if error is None:
            self.completed()


class ItemReport(AwaitReport):
    __slots__ = ()
    completed = ItemNowReport.completed


class GatherReport(AwaitReport):
    __slots__ = ()

    def completed(self):
        self.run.tell.gathered(self.me, self.number, self.result)


class WaitReport(AwaitReport):
    """Around `cancelsim.wait`, which leaves here the tasks that it waited for, in the order named."""

    __slots__ = ()

    def completed(self):
        done, _ = self.result
        self.run.tell.waited(self.me, self.number, [task for task in self.run.waited_for[self] if task in done])


class BlockReport:
    """Around a block. `enter` is told what the block enters, before it does: a name might be bound again before it is left."""

    __slots__ = ("run", "me", "entered")

    def __init__(self, run, me):
        self.run = run
        self.me = me

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
        self.run.tell.scope_block_left(self.me, self.entered, error)


class GroupReport(BlockReport):
    __slots__ = ()

    def of(self, group):
        self.entered = self.run.group_of(group)
        return self.entered

    def __exit__(self, error_type, error, traceback):
        self.run.tell.group_block_left(self.me, self.entered, error)


class TimeoutReport(BlockReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        self.run.tell.timeout_block_left(self.me, self.entered, error)


class AsyncioGroupReport(BlockReport):
    __slots__ = ()

    def __exit__(self, error_type, error, traceback):
        self.run.tell.asyncio_group_block_left(self.me, self.entered, error)


class HoldReport:
    """Around `async with` on an object: its entry is what is awaited."""

    __slots__ = ("run", "me", "number", "name", "is_entered")

    def __init__(self, run, me, number, name):
        self.run = run
        self.me = me
        self.number = number
        self.name = name
        self.is_entered = False

    def __enter__(self):
        return self

    def entered(self):
        self.is_entered = True
        self.run.tell.ended(self.me, self.number, None)

    def __exit__(self, error_type, error, traceback):
        if self.is_entered:
            self.run.tell.object_block_left(self.me, self.number, self.name, error)
        else:
            self.run.tell.ended(self.me, self.number, error)
