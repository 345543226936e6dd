"""One run of an instrumented program: its loop, its names, its trace."""
import asyncio
from asyncio import current_task

from cancelsim import hooks, objects, reports
from cancelsim.choices import NO_CHOICES, Sets
from cancelsim.loop import VirtualLoop
from cancelsim.names import Names
from cancelsim.outcomes import trace_line
from cancelsim.reports import Unbound
from cancelsim.trace import Tell, Tracer
from cancelsim.words import Words

# A run executes at most so many statements.
MOST_STATEMENTS = 1_000_000
# So often an unfinished coroutine is thrown out of what it waits for.
MOST_THROWS = 100


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

    def _come_into_being(self, kind, name):
        super()._come_into_being(kind, name)
        self._run.named(kind, name, self._bound[kind].get(name))

    def _skip(self):
        raise Unbound

    @property
    def item(self):
        item = super().item
        self._run.tell.offered(self._run.me, self._run.number, item)
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
    """`me` is the task that runs a statement, None in the environment; `number` is the statement's."""

    def __init__(self, program, of_policy, order="insertion", choices=NO_CHOICES, emitter_of=None, tracing=True, names=()):
        """`of_policy` is what `hooks.install` gave; `emitter_of(loop)` makes the emitter of events, where they are wanted;
        `names` are those of the case as the simulator numbers them."""
        is_delivery_pass, on_parked = of_policy
        self.program = program
        self.loop = loop = VirtualLoop(program.budget, is_delivery_pass, on_parked, choices)
        self.emitter = emitter_of(loop) if emitter_of is not None else None
        self.tracer = Tracer(self) if tracing else None
        listeners = [listener for listener in (self.tracer, self.emitter) if listener is not None]
        self.tell = listeners[0] if listeners == [self.emitter] else Tell(*listeners)  # which has all that is told of
        self.sets = Sets(choices, order, self._name_of_scope)
        if choices.asks("inject"):
            loop.targets = self._targets
        self.numbers_of_names = {name: number for number, name in enumerate(names)}
        if self.emitter is not None:
            self.emitter.objects.names = dict(self.numbers_of_names)
        self.names = RunNames(self)
        self.bindings = {}  # name -> how often it was bound
        self.label_of_scope = {}
        self.binding_of_scope = {}  # scope -> (name, which binding of it)
        self.label_of = {}  # timeouts and asyncio groups -> label
        self.scopes = []
        self.next_scope = None  # (name, report) of a scope that a function of the library is about to make
        self.outside = []  # (time or None, iteration or None, function)
        self.waited_for = {}  # report of an asyncio.wait -> its tasks
        self.steps = 0
        self.me = self.number = self.report = None

    # Running.

    def run(self):
        """Runs the program to its end, and returns the verdict."""
        loop = self.loop
        loop.on_error = self.tell.callback_failed
        main, self.program_names = self.program.main_of(self)
        for at, _, function in self.outside:
            if at is not None:
                loop.call_at(at, function)
        loop.set_arrivals([(iteration, function) for _, iteration, function in self.outside if iteration is not None])
        loop.create_task(main())
        verdict = loop.run()
        if verdict is None:
            return "runaway"
        self.end(verdict)
        return verdict

    def facts(self):
        """What the answer of a worker has of this run, beside its events."""
        return {"trace": trace_line(self.program.name, self.tracer.events) if self.tracer is not None else None}

    def unfinished(self):
        return [task for task in self.loop.tasks if not task.done()]

    def end(self, verdict):
        """Nothing of what is still executed afterwards, on the way out of a runaway, is told of."""
        if self.tracer is not None:
            self.tracer.ended_run(self._end(verdict))
        if self.emitter is not None:
            self.emitter.end(is_at_rest=verdict == "quiescent")

    def _end(self, verdict):
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
        return end

    def discard(self):
        """Takes the unfinished tasks out of their coroutines: no statement of theirs is executed any more. Gives back those
        that stay: they have to be kept, since Python would go on with them when it frees them."""
        self.loop.stopped = True
        self.steps = MOST_STATEMENTS
        kept = [task for task in self.unfinished() if not _is_left(task.get_coro())]
        hooks.forget(self.loop, () if kept else self.scopes)
        self.program_names.clear()
        if self.emitter is not None:
            self.emitter.errors.forget()
        if not kept:
            self._forget()
        return kept

    def _forget(self):
        """What refers to each other, and would have to wait for a collection of garbage, is freed at once."""
        hooks.run = hooks.NoRun
        emitter = self.emitter
        listening = () if emitter is None else (emitter.objects, emitter.audits, emitter)
        for part in (*listening, self.loop, self.names, self):
            object.__getattribute__(part, "__dict__").clear()

    def _targets(self):
        """Scopes and tasks that the program names."""
        scopes = [scope for scope in self.scopes if scope in self.label_of_scope]
        targets = [scope for scope in scopes if scope._active and not scope._cancel_called]
        targets += [task for task in self.loop.tasks if task.label is not None and not task.done()]
        return targets

    # What an instrumented program calls.

    def step(self, me, number):
        """A statement begins."""
        if self.steps >= MOST_STATEMENTS:
            if not self.loop.stopped:
                self.loop.stopped = True
                self.end("runaway")
            raise Runaway
        self.steps += 1
        if self.emitter is not None:
            self.emitter.began(me, number)

    def go_on(self):
        """The body of a loop begins."""
        if self.loop.stopped:
            raise Runaway

    def statement(self, kind, me, number):
        self.step(me, number)
        self.me, self.number = me, number
        self.report = report = kind(self, me, number)
        return report

    def by_hand(self, kind, me, number):
        report = self.statement(kind, me, number)
        if self.emitter is not None:
            self.emitter.by_hand(me, number)
        return report

    def block(self, kind, me, number):
        self.step(me, number)
        return kind(self, me)

    def hold(self, me, number, name):
        self.step(me, number)
        return reports.HoldReport(self, me, number, name)

    def caught(self, me, number, error, swallows):
        if not self.loop.stopped:
            self.tell.caught(me, number, error, swallows)

    def note(self, me, number, text):
        self.step(me, number)
        self.tell.noted(me, number, text)

    def task(self, name):
        """Makes an instrumented function the body of a task."""

        def with_body(function):
            return lambda **status: self.body(name, function, status)

        return with_body

    async def body(self, name, function, status):
        me = current_task()
        me.label = self.label(name)
        self.names._bound["task"][name] = me
        if self.emitter is not None:
            self.emitter.task_labelled(me, name, self.bindings[name])
        self.tell.body_began(me)
        try:
            await function(me, **status)
        except BaseException as error:
            self.tell.body_ended(me, error)
            raise
        self.tell.body_ended(me, None)

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
        self.binding_of_scope[scope] = name, self.bindings[name]
        if self.emitter is not None:
            self.emitter.scope_labelled(scope, name, self.bindings[name])

    def _name_of_scope(self, scope):
        """Owner and binding of questions about the scope's sets."""
        if scope not in self.binding_of_scope:
            return 0, self.scopes.index(scope)
        name, binding = self.binding_of_scope[scope]
        return self.numbers_of_names.get(name, -1) + 1, binding

    def named(self, kind, name, made):
        """Told of what comes into being when its name is first used."""
        if self.emitter is None:
            return
        if kind in ("event", "future"):
            self.emitter.named[made] = self.numbers_of_names.get(name, -1)
        elif kind == "object" and made is not None:
            self.emitter.objects.number(objects.shared(made))

    def name_next_scope(self, name, report):
        self.next_scope = (name, report)

    def scope_made(self, scope):
        """Told of every new scope."""
        if scope not in self.scopes[-1:]:
            self.scopes.append(scope)
        if self.next_scope is not None:
            (name, report), self.next_scope = self.next_scope, None
            report.made(name, scope)

    @staticmethod
    def scope_of(scope):
        return getattr(scope, "_scope", lambda: scope)()

    @staticmethod
    def group_of(group):
        return getattr(group, "_group", lambda: group)()


def _is_left(coroutine):
    """Throws until nothing of the coroutine is left: what it awaits in a `finally` is not waited for."""
    for _ in range(MOST_THROWS):
        try:
            coroutine.throw(Runaway())
        except BaseException:
            return True
    return False


def _kind_of(made):
    if isinstance(made, asyncio.Timeout):
        return "timeout"
    if isinstance(made, asyncio.TaskGroup):
        return "asyncio_group"
    return "group" if hasattr(made, "start_soon") else "scope"
