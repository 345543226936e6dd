"""One run of an instrumented program: its loop, its names, its trace."""
import asyncio
from asyncio import current_task

from cancelsim import objects, reports
from cancelsim.choices import NO_CHOICES, ORDERS, chosen_set
from cancelsim.loop import VirtualLoop
from cancelsim.names import Names
from cancelsim.outcomes import outcome
from cancelsim.reports import Unbound
from cancelsim.words import Words

# A run executes at most so many statements.
MOST_STATEMENTS = 1_000_000


class Runaway(BaseException):
    """The run has executed all the statements that it may. Raised until the task has been left."""


class RunNames(Names):
    """Names whose bindings are counted, and whose unbound ones skip the statement at hand."""

    def __init__(self, run):
        object.__setattr__(self, "_run", run)
        super().__init__()

    def _bind(self, kind, name, value):
        if self._bound[kind].get(name) is value:
            return  # it was bound when it was made
        super()._bind(kind, name, value)
        if kind in ("scope", "group"):
            self._run.label_scope(name, value if kind == "scope" else value.cancel_scope)
        elif kind in ("timeout", "asyncio_group"):
            self._run.label_of[value] = self._run.label(name)

    def _skip(self):
        raise Unbound

    @property
    def item(self):
        item = super().item
        self._run.emit("offer", self._run.me, self._run.number, item)
        return item


class NoStatus:
    """The task status of a task that has none."""

    @staticmethod
    def started():
        raise Unbound


class ProgramModule(Words):
    """What a program finds as the module `cancelsim`."""

    nothing = NoStatus

    def __init__(self, run):
        super().__init__(run.names._skip)
        self._run = run

    def names(self):
        return self._run.names

    def outside(self, at=None, at_iteration=None):
        return lambda function: self._run.outside.append((at, at_iteration, function))

    def wait(self, *tasks, **options):
        self._run.waited_for[self._run.report] = list(dict.fromkeys(self._bound(tasks)))
        return super().wait(*tasks, **options)


class Run:
    """`me` is the label of the task that runs a statement, None in the environment; `number` is the statement's."""

    def __init__(self, program, hooks, order="insertion", choices=NO_CHOICES):
        is_delivery_pass, on_parked = hooks
        self.program = program
        self.loop = VirtualLoop(program.budget, is_delivery_pass, on_parked, choices)
        self.ordered_set = chosen_set(choices) if choices.asks("set_order") else ORDERS[order]
        self.trace = []
        self.names = RunNames(self)
        self.bindings = {}  # name -> how often it was bound
        self.label_of_scope = {}
        self.label_of = {}  # timeouts and asyncio groups -> label
        self.next_scope = None  # (name, report) of a scope that a function of the library is about to make
        self.outside = []  # (time or None, iteration or None, function)
        self.waited_for = {}  # report of an asyncio.wait -> its tasks
        self.steps = 0
        self.me = self.number = self.report = None

    # Running.

    def run(self):
        """Runs the program to its end. The trace is in `trace`."""
        loop = self.loop
        loop.on_error = lambda error: self.emit("callback_error", outcome(error))
        main = self.program.main_of(self)
        for at, _, function in self.outside:
            if at is not None:
                loop.call_at(at, function)
        loop.set_arrivals([(iteration, function) for _, iteration, function in self.outside if iteration is not None])
        loop.create_task(main())
        verdict = loop.run()
        if verdict is not None:
            self.end(verdict)

    def unfinished(self):
        return [task for task in self.loop.tasks if not task.done()]

    def end(self, verdict):
        """The last event. Whatever is still executed afterwards, on the way out of a runaway, leaves no trace."""
        loop = self.loop
        end = {
            "verdict": verdict,
            "iterations": loop.iteration,
            "handles": loop.handles_run,
            "time": loop.now,
            "hot": loop.futile_iterations,
            "parked": sorted(task.label for task in self.unfinished() if task.label is not None),
            "armed": sorted(label for scope, label in self.label_of_scope.items() if scope._cancel_handle is not None),
        }
        if self.program.has_objects:
            declared, made = self.names._declared, self.names._bound["object"]
            end["objects"] = {
                name: objects.state(kind, made[name], lambda task: task.label)
                for name, (kind, _) in declared.items()
                if name in made
            }
        self.emit("end", end)
        self.emit = lambda *event: None

    def emit(self, *event):
        self.trace.append((self.loop.iteration, self.loop.now, *event))

    # What an instrumented program calls.

    def step(self):
        """A statement begins."""
        if self.steps >= MOST_STATEMENTS:
            if not self.loop.stopped:
                self.loop.stopped = True
                self.end("runaway")
            raise Runaway
        self.steps += 1

    def go_on(self):
        """The body of a loop begins."""
        if self.loop.stopped:
            raise Runaway

    def statement(self, kind, me, number):
        self.step()
        self.me, self.number = me, number
        self.report = report = kind(self, me, number)
        return report

    def block(self, kind, me, number):
        self.step()
        return kind(self, me)

    def hold(self, me, number, name):
        self.step()
        return reports.HoldReport(self, me, number, name)

    def caught(self, me, number, error):
        if not self.loop.stopped:
            self.emit("caught", me, number, outcome(error))

    def note(self, me, text):
        self.step()
        self.emit("note", me, text)

    def task(self, name):
        """Makes an instrumented function the body of a task."""

        def with_body(function):
            return lambda **status: self.body(name, function, status)

        return with_body

    async def body(self, name, function, status):
        task = current_task()
        task.label = me = self.label(name)
        self.names._bound["task"][name] = task
        self.emit("task_start", me)
        try:
            await function(me, **status)
        except BaseException as error:
            self.emit("task_end", me, outcome(error), task.cancelling())
            raise
        self.emit("task_end", me, "ok", task.cancelling())

    def made(self, name, made):
        """Binds a name to what was made for it, before that is entered."""
        kind = _kind_of(made)
        self.names._bind(kind, name, made)
        return made

    # Names.

    def label(self, name):
        count = self.bindings[name] = self.bindings.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"

    def label_scope(self, name, scope):
        self.label_of_scope[scope] = self.label(name)

    def name_next_scope(self, name, report):
        self.next_scope = (name, report)

    def scope_made(self, scope):
        """Told of every new scope."""
        if self.next_scope is not None:
            (name, report), self.next_scope = self.next_scope, None
            report.made(name, scope)

    @staticmethod
    def scope_of(scope):
        return getattr(scope, "_scope", lambda: scope)()

    @staticmethod
    def group_of(group):
        return getattr(group, "_group", lambda: group)()


def _kind_of(made):
    if isinstance(made, asyncio.Timeout):
        return "timeout"
    if isinstance(made, asyncio.TaskGroup):
        return "asyncio_group"
    return "group" if hasattr(made, "start_soon") else "scope"
