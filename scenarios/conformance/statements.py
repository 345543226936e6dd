"""What each statement does on the real anyio. A compiled case calls the methods of Statements."""
import asyncio
import math
from asyncio import current_task

import anyio

from traces import outcome


class NamedError(Exception):
    """What the statement `raise` raises: it prints as its name."""

    def __init__(self, name):
        super().__init__(name)
        self.outcome = name


class StubbornFuture(asyncio.Future):
    def cancel(self, msg=None):
        return False


def raise_named(name):
    raise NamedError(name)


class Statements:
    """One run's tables and events. `me` is the name of the task that runs a statement, None in the environment;
    `number` is the statement's."""

    def __init__(self, program, loop, names):
        self.program = program
        self.loop = loop
        self.names = {**names, "run": self}  # the global names of the program
        self.trace = []
        self.tasks, self.scopes, self.groups = {}, {}, {}  # name -> its latest binding
        self.bindings = {}  # name -> how often it was bound
        self.label_of_scope = {}
        self.name_of_next_scope = None  # for a scope that a function of the library is about to make
        self.events, self.futures = {}, {}  # these come into being at first use

    def emit(self, *event):
        self.trace.append((self.loop.iteration, self.loop.now, *event))

    def skip(self, me, number):
        self.emit("skip", me, number)

    def note(self, me, number, text):
        self.emit("note", me, text)

    def caught(self, me, number, error):
        self.emit("caught", me, number, outcome(error))

    def attempt(self, me, number, function, *arguments):
        """Does what may raise without having awaited."""
        try:
            function(*arguments)
        except BaseException as error:
            self.emit("raised", me, number, outcome(error))
            raise

    def find(self, table, name, me, number):
        """The latest binding of a name. Without one, the statement is skipped."""
        if name not in table:
            self.skip(me, number)
        return table.get(name)

    # Tasks.

    def label(self, name):
        count = self.bindings[name] = self.bindings.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"

    def function(self, name):
        return self.program.define(name, self.names)

    async def task_body(self, name, body, *, task_status=None):
        task = current_task()
        task.label = me = self.label(name)
        self.tasks[name] = task
        self.emit("task_start", me)
        try:
            await self.function(f"task_{body}")(me, task_status)
        except BaseException as error:
            self.emit("task_end", me, outcome(error), task.cancelling())
            raise
        self.emit("task_end", me, "ok", task.cancelling())

    def spawn(self, me, number, group, task, body):
        if group := self.find(self.groups, group, me, number):
            self.attempt(me, number, group.start_soon, self.task_body, task, body)

    def spawn_detached(self, me, number, task, body):
        asyncio.create_task(self.task_body(task, body))

    def started(self, me, number, task_status):
        if task_status is None:
            self.skip(me, number)
        else:
            self.attempt(me, number, task_status.started)

    def native_cancel(self, me, number, task):
        if task := self.find(self.tasks, task, me, number):
            task.cancel()

    def uncancel(self, me, number):
        current_task().uncancel()

    def raise_error(self, me, number, name):
        self.attempt(me, number, raise_named, name)

    # Events and futures.

    def event(self, name):
        if name not in self.events:
            self.events[name] = anyio.Event()
        return self.events[name]

    def event_set(self, me, number, name):
        self.event(name).set()

    def future(self, name):
        if name not in self.futures:
            kind = StubbornFuture if name in self.program.stubborn_futures else asyncio.Future
            self.futures[name] = kind(loop=self.loop)
        return self.futures[name]

    def future_resolve(self, me, number, name):
        future = self.future(name)
        if not future.done():
            future.set_result(None)

    # Scopes and groups.

    def time_in(self, delay):
        return math.inf if delay is None else self.loop.now + delay

    def bind_scope(self, name, scope):
        self.scopes[name] = scope
        self.label_of_scope[scope] = self.label(name)

    def new_scope(self, name, shield, deadline, cancel_first):
        scope = anyio.CancelScope(deadline=self.time_in(deadline), shield=shield)
        self.bind_scope(name, scope)
        if cancel_first:
            scope.cancel()
        return scope

    def new_group(self, name):
        group = anyio.create_task_group()
        self.groups[name] = group
        self.bind_scope(name, group.cancel_scope)
        return group

    def fail_after(self, name, shield, delay):
        # Its scope is made when the block is entered, which is what happens next. It needs its name from the start,
        # since entering may cancel it.
        self.name_of_next_scope = name
        return anyio.fail_after(delay, shield)

    def scope_made(self, scope):
        """Told of every new scope."""
        if self.name_of_next_scope is not None:
            name, self.name_of_next_scope = self.name_of_next_scope, None
            self.bind_scope(name, scope)

    def enter(self, me, number, name, shield, deadline):
        self.attempt(me, number, self.new_scope(name, shield, deadline, False).__enter__)

    def exit(self, me, number, name):
        if scope := self.find(self.scopes, name, me, number):
            self.attempt(me, number, scope.__exit__, None, None, None)

    def cancel(self, me, number, name):
        if scope := self.find(self.scopes, name, me, number):
            self.attempt(me, number, scope.cancel)

    def set_shield(self, me, number, name, value):
        if scope := self.find(self.scopes, name, me, number):
            self.attempt(me, number, setattr, scope, "shield", value)

    def set_deadline(self, me, number, name, delay):
        if scope := self.find(self.scopes, name, me, number):
            self.attempt(me, number, setattr, scope, "deadline", self.time_in(delay))
