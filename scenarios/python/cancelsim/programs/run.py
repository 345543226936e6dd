"""One run of a program."""
import contextvars
import functools
import gc
import importlib
import sys
import warnings
from asyncio import base_events, current_task

from anyio._core._eventloop import set_current_async_library

from cancelsim import hooks
from cancelsim.events import watch
from cancelsim.choices import NO_CHOICES, Sets
from cancelsim.events import SITE
from cancelsim.programs import active, errors, refusals, source, threads, virtual
from cancelsim.programs.entries import Entries
from cancelsim.programs.hands import Hands
from cancelsim.programs.loop import ProgramLoop, StepContext, program_task
from cancelsim.programs.sites import Sites, is_program, place_of, running_frame
from cancelsim.programs.virtual import START
from cancelsim.trace import Tell

DEFAULT_BUDGET = 20_000

# What of anyio makes a scope for the program, or the one that a group of the program's has; and how it makes one.
_MAKERS = {"move_on_after", "move_on_at", "fail_after", "fail_at", "TaskGroup.__init__"}
_ON_THE_WAY = {"AsyncIOBackend.create_cancel_scope", "CancelScope.__new__"}


@functools.cache
def install():
    """Changes Python's own modules, before a program is loaded."""
    if sys.modules.get("sniffio", True) is None:
        del sys.modules["sniffio"]  # anyio goes without; a library of the program's may want it
    warnings.simplefilter("ignore")
    importlib.import_module("cancelsim.programs.words")
    refusals.install()
    virtual.install()
    threads.install()
    watch.LOOPS.update(hooks.by_code({StepContext.run: True}))


def run_of(program, of_policy, order, choices, emitter_of):
    """A run of a worker's. `program` says the file and the function."""
    install()
    return ProgramRun(source.load(program["file"], program["function"]), of_policy, order, choices, emitter_of)


class ProgramRun:
    """`of_policy` is what `hooks.install` gave; `choices` answers what is left open; `emitter_of(loop)` makes the emitter of events,
    where they are wanted.

    After `run()`: `verdict`, "quiescent" where the program was refused; `refused`, what it asked for and where; `error`, what left
    main; `broken`, the first promise of its own that did not hold; `sites`; `left_alive`, the tasks that were not done.
    """

    def __init__(self, program, of_policy, order="insertion", choices=NO_CHOICES, emitter_of=None, budget=DEFAULT_BUDGET):
        is_delivery_pass, self._on_parked = of_policy
        self.program = program
        self.sites = Sites()
        self.loop = loop = ProgramLoop(budget, is_delivery_pass, self._parked, choices, self.sites.task_interrupted)
        loop.on_error = self._callback_failed
        if choices.asks("inject"):
            loop.targets = self._targets
        self.emitter = emitter_of(loop) if emitter_of is not None else None
        if self.emitter is not None:
            self.emitter.tell_of_a_program(self._tell_site)
            self.emitter.hands = Hands(self.emitter)
            self.emitter.entries = Entries(loop)
        loop.make_task = program_task(loop.make_task)
        self.tell = Tell(*filter(None, [self.emitter]))
        self.sets = Sets(choices, order, lambda scope: (0, self._scope_numbers[scope]))
        self._scope_numbers = {}  # of all scopes, in order of creation
        self.scopes = []  # that the program made, its groups' among them
        self.chance = virtual.chance()
        self.callback_errors = []
        self.verdict = "quiescent"
        self.refused = self.error = self.broken = None
        self._told_sites = {}  # task's number -> the site that was told last
        self._promises = []  # of the end
        self._fixed = []  # (iteration, function)
        self._chosen = 0

    # Running.

    def run(self):
        """Runs the program to its end, and returns the verdict."""
        collects = gc.isenabled()
        gc.disable()  # a collection would close generators when it likes
        active.run = hooks.run = self
        try:
            contextvars.Context().run(self._run)
        finally:
            active.run = None
            if self.emitter is not None:
                self.emitter.end(is_at_rest=self.verdict == "quiescent")
            if collects:
                gc.enable()
        return self.verdict

    def facts(self):
        """What the answer of a worker has of this run, beside its events."""
        return {
            "tasks": [self._name_of(task) for task in self.loop.tasks],
            "error": None if self.error is None else errors.told(self.error, self.sites),
            "unasked": self._unasked(),
            "broken": None if self.broken is None else {"what": self.broken[0], "site": self.sites.number_of(self.broken[1:])},
            "coverage": self.sites.coverage(self.program),
            "refused": self.refused,
            "sites": self.sites.table,
        }

    def _unasked(self):
        """The error of the first task whose outcome nobody has asked for: of main's task the run itself does."""
        for task in self.loop.tasks[1:]:
            if task.done() and task._log_traceback:
                return errors.told(task.exception(), self.sites)
        return None

    def _name_of(self, task):
        """What the program calls it; or else the function that it runs, which of anyio's tasks is the name."""
        if task.number == 0:
            return "main"
        name = task.get_name()
        if name == f"Task-{task.number + 1}":
            name = getattr(task.get_coro(), "__qualname__", type(task.get_coro()).__name__)
        return name.removeprefix(self.program.module_name + ".")

    def _run(self):
        set_current_async_library("asyncio")
        loop = self.loop
        try:
            main = self.program.load()
            loop.set_arrivals(self._fixed)
            task = loop.create_task(self._body(main))
            task.add_done_callback(base_events._run_until_complete_cb)
            self.verdict = loop.run() or self.verdict
        except refusals.Refused:
            return
        except (KeyboardInterrupt, SystemExit) as error:
            # asyncio lets these leave the loop at once.
            self.error = error
            return
        if self.refused is not None:
            return
        if task.done():
            self.error = _error_of(task)
        for what, predicate, place in self._promises:
            self._check(what, predicate, place)

    async def _body(self, main):
        """What the task of main runs."""
        me = current_task()
        self.tell.body_began(me)
        try:
            await main()
        except BaseException as error:
            self.tell.body_ended(me, error)
            raise
        self.tell.body_ended(me, None)

    @property
    def left_alive(self):
        return [task for task in self.loop.tasks if not task.done()]

    def discard(self):
        """Closes what is left: its `finally` blocks run, but in no run. Gives back the tasks that stay, which have to be kept."""
        self.loop.stopped = True
        for task in self.left_alive:
            task._log_destroy_pending = False
            try:
                task.get_coro().close()
            except BaseException:
                pass  # it awaits while it is closed, or misses its loop: it had not ended, and that is all
        source.unload()
        kept = [task for task in self.left_alive if getattr(task.get_coro(), "cr_frame", None) is not None]
        hooks.forget(self.loop, () if kept else self._scope_numbers)
        if self.emitter is not None:
            self.emitter.errors.forget()
        return kept

    # What the hooks and the loop tell.

    def scope_made(self, scope):
        if scope in self._scope_numbers:
            return  # anyio.CancelScope() initialises its scope twice
        self._scope_numbers[scope] = len(self._scope_numbers)
        frame = sys._getframe(2)
        while frame.f_code.co_qualname in _ON_THE_WAY:
            frame = frame.f_back
        maker = frame.f_code
        if maker.co_qualname in _MAKERS or is_program(maker.co_filename):
            self.scopes.append(scope)

    def _parked(self, task):
        if self.emitter is None:
            self.sites.task_parked(task)
        if self._on_parked is not None:
            self._on_parked(task)

    def _tell_site(self, task, parks=False):
        """For the emitter: where the task is now, unless that is known."""
        if parks:
            site = self.sites.task_parked(task)
        else:
            is_running = task is current_task(self.loop)
            site = self.sites.of_running(sys._getframe(1)) if is_running else self.sites.of_task(task)
        if site is not None and self._told_sites.get(task.number) != site:
            self._told_sites[task.number] = site
            self.emitter.out += (SITE, task.number, site)

    def _callback_failed(self, error):
        if not isinstance(error, refusals.Refused):
            self.callback_errors.append(error)
            self.tell.callback_failed(error)

    def refuse(self, what, frame):
        """A Refused is about to be raised."""
        if self.refused is None:
            frame = running_frame(frame)
            file, line = place_of(frame)[:2] if frame is not None else (self.program.path, 0)
            self.refused = {"what": what, "file": file, "line": line}
        self.loop.stopped = True

    def _targets(self):
        """What the program made, in the model's order: scopes, then tasks, each as they were made."""
        targets = [scope for scope in self.scopes if scope._active and not scope._cancel_called]
        targets += [task for task in self.loop.tasks if not task.done()]
        return targets

    # What a program calls.

    def block(self, seconds):
        call = threads.current_call()
        if call is not None:
            call.sleep(seconds)
        else:
            self.loop.block(seconds)

    def outside(self, at, at_iteration, function):
        function = self.loop.from_outside(function)
        if at is not None:
            self.loop.call_at(START + at, function)
        elif at_iteration is None:
            self.loop.arrive(lambda: self.loop.call_soon(function))
        elif self.loop.iteration == 0:
            self._fixed.append((at_iteration, function))
        else:
            raise RuntimeError("outside(at_iteration=...) is for the module: the run has begun")

    def choose(self, count):
        self._chosen += 1
        if count < 2 or not self.loop.choices.asks("arrival"):
            return 0
        return self.loop.choices.choose("arrival", count, set=1, nth=self._chosen - 1)

    def promise(self, what, predicate, frame):
        place = place_of(frame)
        if what == "always":
            self.loop.after_iteration.append(lambda: self._check(what, predicate, place))
        else:
            self._promises.append((what, predicate, place))

    def _check(self, what, predicate, place):
        if self.broken is not None:
            return
        try:
            holds = bool(predicate())
        except Exception as error:
            holds, what = False, f"{what} raised {errors.text_of(error)}"
        if not holds:
            self.broken = (what, *place)


def _error_of(task):
    try:
        return task.exception()
    except BaseException as error:  # it was cancelled
        return error
