"""What the case language tells of, as events. `me` is the task that executes a statement, None outside of tasks."""
from cancelsim.events import LABEL, NUMBERS

_BODY_BEGAN, _BODY_ENDED = NUMBERS["BodyBegan"], NUMBERS["BodyEnded"]
_STATEMENT_BEGAN, _STATEMENT_ENDED = NUMBERS["StatementBegan"], NUMBERS["StatementEnded"]
_RAISED, _SKIPPED, _NOTED, _CAUGHT, _BY_HAND = (NUMBERS[name] for name in ("Raised", "Skipped", "Noted", "Caught", "ByHand"))
_SCOPE_BLOCK_LEFT, _GROUP_BLOCK_LEFT, _TIMEOUT_BLOCK_LEFT, _ASYNCIO_GROUP_BLOCK_LEFT, _OBJECT_BLOCK_LEFT = (
    NUMBERS[f"{what}BlockLeft"] for what in ("Scope", "Group", "Timeout", "AsyncioGroup", "Object")
)
_OFFERED, _RECEIVED = NUMBERS["Offered"], NUMBERS["Received"]
_GATHERED, _WAITED = NUMBERS["Gathered"], NUMBERS["Waited"]
_TASK_LABEL, _SCOPE_LABEL, _GROUP_LABEL = range(3)


class CaseEvents:
    """Part of an Emitter."""

    # Tells of the end of a call whose error is on its way to the frame of its task: what an exception has as its context is not
    # complete before it is there.
    late = None

    def tell_late(self):
        if self.late is not None:
            late, self.late = self.late, None
            late()

    def label(self, what, number, name, binding):
        self.out += (LABEL, what, number, len(self.strings), binding)
        self.strings.append(name)

    def task_labelled(self, task, name, binding):
        self.label(_TASK_LABEL, task.number, name, binding)

    def scope_labelled(self, scope, name, binding):
        number = self.scope_numbers[scope]
        self.label(_SCOPE_LABEL, number, name, binding)
        if number in self.group_of_scope:
            self.label(_GROUP_LABEL, self.group_of_scope[number], name, binding)

    def body_began(self, task):
        self.out += (_BODY_BEGAN, task.number)

    def body_ended(self, task, error):
        error = self.errors.number(error)
        self.out += (_BODY_ENDED, task.number, error)

    def began(self, me, statement):
        self.out += (_STATEMENT_BEGAN, -1 if me is None else me.number, statement)

    def by_hand(self, me, statement):
        self.out += (_BY_HAND, me.number, statement)

    def ended(self, me, statement, error):
        self.tell_late()
        error = -1 if error is None else self.errors.number(error)
        self.out += (_STATEMENT_ENDED, me.number, statement, error)

    def raised(self, me, statement, error):
        error = self.errors.number(error)
        self.out += (_RAISED, -1 if me is None else me.number, statement, error)

    def skipped(self, me, statement):
        self.out += (_SKIPPED, -1 if me is None else me.number, statement)

    def noted(self, me, statement, text):
        self.out += (_NOTED, -1 if me is None else me.number, statement)

    def caught(self, me, statement, error, swallows):
        error = self.errors.number(error)
        self.out += (_CAUGHT, me.number, statement, error, swallows)

    def scope_block_left(self, me, scope, error):
        error = self.errors.number(error)
        self.out += (_SCOPE_BLOCK_LEFT, me.number, self.scope_numbers[scope], error)

    def group_block_left(self, me, group, error):
        error = self.errors.number(error)
        self.out += (_GROUP_BLOCK_LEFT, me.number, self.group_numbers[group], error)

    def timeout_block_left(self, me, timeout, error):
        error = self.errors.number(error)
        self.out += (_TIMEOUT_BLOCK_LEFT, me.number, self.timeout_numbers[timeout], timeout.expired(), error)

    def asyncio_group_block_left(self, me, group, error):
        error = self.errors.number(error)
        self.out += (_ASYNCIO_GROUP_BLOCK_LEFT, me.number, self.asyncio_group_numbers[group], error)

    def object_block_left(self, me, statement, name, error):
        error = self.errors.number(error)
        self.out += (_OBJECT_BLOCK_LEFT, me.number, statement, error)

    def offered(self, me, statement, item):
        self.out += (_OFFERED, -1 if me is None else me.number, statement, item)

    def received(self, me, statement, item):
        self.out += (_RECEIVED, -1 if me is None else me.number, statement, item)

    def gathered(self, me, statement, results):
        numbers = [self.errors.number(result) if isinstance(result, BaseException) else -1 for result in results]
        self.out += (_GATHERED, me.number, statement, len(numbers), *numbers)

    def waited(self, me, statement, done):
        self.out += (_WAITED, me.number, statement, len(done), *(task.number for task in done))
