"""Makes the stream of events of a run (scenarios/run/event_stream.h): what the case language tells of, and what `watch.py` sees
in anyio and asyncio. Tasks, scopes and groups are numbered in order of creation.
"""
import math
from array import array
from asyncio import Future, Task, current_task

from cancelsim.events import BY, NEVER, NUMBERS, PURPOSES, TIME
from cancelsim.events.audits import Audits
from cancelsim.events.case_events import CaseEvents
from cancelsim.events.errors import Errors
from cancelsim.events.objects import Items, Objects
from cancelsim.events.waits import wait_of

_ITERATION_BEGAN, _TIME_STOOD_STILL = NUMBERS["IterationBegan"], NUMBERS["TimeStoodStill"]
_FUTILE_ITERATION = NUMBERS["FutileIteration"]
_TASK_CREATED, _TASK_SPAWNED = NUMBERS["TaskCreated"], NUMBERS["TaskSpawned"]
_TASK_RESUMED, _TASK_PARKED, _TASK_READY = NUMBERS["TaskResumed"], NUMBERS["TaskParked"], NUMBERS["TaskReady"]
_TASK_DONE = NUMBERS["TaskDone"]
_CANCEL_REQUESTED, _UNCANCELLED = NUMBERS["CancelRequested"], NUMBERS["Uncancelled"]
_CALLBACK_FAILED, _PASS_ENDED = NUMBERS["CallbackFailed"], NUMBERS["PassEnded"]
_SCOPE_ENTERED, _SCOPE_LEFT, _SCOPE_EXIT_FAILED = (NUMBERS[f"Scope{how}"] for how in ("Entered", "Left", "ExitFailed"))
_SCOPE_CANCELLED, _SCOPE_MOVED, _SHIELD_CHANGED = NUMBERS["ScopeCancelled"], NUMBERS["ScopeMoved"], NUMBERS["ShieldChanged"]
_DEADLINE_REACHED, _DEADLINE_CHANGED = NUMBERS["DeadlineReached"], NUMBERS["DeadlineChanged"]
_GROUP_ENTERED, _GROUP_EXIT_BEGAN, _GROUP_LEFT = (NUMBERS[f"Group{how}"] for how in ("Entered", "ExitBegan", "Left"))
_CHILD_REPORTED = NUMBERS["ChildReported"]
_START_CALLED, _STARTED_CALLED, _START_RETURNED = NUMBERS["StartCalled"], NUMBERS["StartedCalled"], NUMBERS["StartReturned"]
_GROUP_BLOCK_LEFT = NUMBERS["GroupBlockLeft"]
_TIMEOUT_ENTERED, _TIMEOUT_RESCHEDULED, _TIMEOUT_EXIT_BEGAN = (
    NUMBERS[f"Timeout{how}"] for how in ("Entered", "Rescheduled", "ExitBegan")
)
_ASYNCIO_GROUP_ENTERED, _ASYNCIO_GROUP_TOOK, _ASYNCIO_GROUP_EXIT_BEGAN = (
    NUMBERS[f"AsyncioGroup{how}"] for how in ("Entered", "Took", "ExitBegan")
)
_WAIT_FOR_BEGAN, _WAIT_FOR_ENDED = NUMBERS["WaitForBegan"], NUMBERS["WaitForEnded"]
_ENTERER_ENDED = NUMBERS["EntererEnded"]

_PROGRAM, _OUTSIDE, _SCOPE, _FORWARDED = BY["program"], BY["outside"], BY["scope"], BY["forwarded"]
_OF_PROGRAM, _OF_GROUP = PURPOSES["program"], PURPOSES["group"]


class Emitter(CaseEvents):
    """The stream of one run on `loop`."""

    # Of people's own programs, which have no reports around their statements:
    site = None  # is called with a task, and says where that is (fact 1003)
    tells_blocks = False  # whether leaving scopes, groups and timeouts is told of as leaving their blocks
    hands = None  # says what was swallowed
    entries = None  # says of scopes whether the frames that entered them have ended

    def __init__(self, loop):
        self.loop = loop
        self.out = []
        self.strings = []
        self.errors = Errors(self.out, self.strings)
        self.objects = Objects(self)
        self.audits = Audits(self)
        self.asker = None  # (By's kind, its id): who asks for what is asked for now; None: whoever runs
        self.entering = None  # the scope that is being entered
        self.spawning = None  # the group that is spawning a task
        self.starting = None  # the `start` that is being run
        self.status = None  # (task, whether its caller waits) of a `started()` that has not been told of
        self.scope_numbers = {}
        self.purposes = []  # by scope's number
        self.group_numbers = {}
        self.group_of_scope = {}
        self.timeout_numbers = {}
        self.asyncio_group_numbers = {}
        self.shields = set()  # what `asyncio.shield` has made
        self.named = {}  # events and futures that a case names -> the number of the name
        self._stream = None

    def tell_of_a_program(self, site):
        """The run is of a program of somebody's own."""
        self.site = site
        self.tells_blocks = True
        self.objects.items = Items(self)

    def end(self, is_at_rest=False):
        """Nothing more is told of but the library's books."""
        if self._stream is None:
            if is_at_rest:
                self.audits.at_rest()
            self.objects.at_rest()
            self._stream = array("q", self.out)

    def stream(self):
        self.end()
        return self._stream.tobytes()

    # Who asks.

    def by(self):
        task = current_task(self.loop)
        number = -1 if task is None else task.number
        if self.asker is not None:
            kind, what = self.asker
            return kind, number, what
        return (_OUTSIDE if task is None and self.loop.is_outside else _PROGRAM), number, -1

    def ask_as(self, asker):
        """From now on `asker` asks. Gives back who asked until now."""
        before, self.asker = self.asker, asker
        return before

    # The loop.

    def iteration_began(self, number, stands_still):
        self.audits.iteration_begins(number)
        self.out += (_ITERATION_BEGAN, number)
        if stands_still:
            self.out.append(_TIME_STOOD_STILL)

    def time_moved(self, now):
        self.out += (TIME, now)

    def futile_iteration(self, in_a_row):
        self.out += (_FUTILE_ITERATION, in_a_row)

    def callback_failed(self, error):
        self.out += (_CALLBACK_FAILED, self.errors.number(error))

    # Tasks.

    def task_created(self, task):
        creator = current_task(self.loop)
        self.out += (_TASK_CREATED, task.number, -1 if creator is None else creator.number)

    def task_resumed(self, task, thrown=None):
        self.loop.stepped = task
        self.out += (_TASK_RESUMED, task.number, -1 if thrown is None else self.errors.number(thrown))
        if self.hands is not None and thrown is not None:
            self.hands.resumed(task, thrown)

    def task_parked(self, task):
        if self.site is not None:
            self.site(task, parks=True)
        if self.hands is not None:
            self.hands.parked(task)
        future = task._fut_waiter
        kind, what = wait_of(task, future, self)
        if future is None:
            self.out += (_TASK_PARKED, task.number, kind, what, 1, 0, 0, 0)
        elif type(future) is Future:
            self.out += (_TASK_PARKED, task.number, kind, what, 0, future.done(), 0, 0)
        else:
            refuses = getattr(future, "refuses_cancel", False)
            forwards = hasattr(future, "get_coro") or hasattr(future, "_children")
            self.out += (_TASK_PARKED, task.number, kind, what, 0, future.done(), refuses, forwards)

    def task_ready(self, task, future):
        self.out += (_TASK_READY, task.number, future.cancelled())

    def task_done(self, task, error):
        """Its coroutine has ended, but asyncio has not seen it yet."""
        if self.hands is not None:
            self.hands.done(task, error)
        if error is None:
            cancelled = task._must_cancel
            marked = cancelled and self.errors.mark(task._cancel_message) != 0
            number = -1
        else:
            cancelled, marked, number = task.is_cancellation(error), False, self.errors.number(error)
        self.out += (_TASK_DONE, task.number, cancelled, marked, number, task.cancelling())

    def cancel_requested(self, task, by, message, accepted, had_started, wait_was_over, was_pending):
        if self.site is not None:
            self.site(task)
        if self.hands is not None and accepted:
            self.hands.requested(task)
        if self.entries is not None and by[0] == _SCOPE and self.entries.ended(by[2]):
            self.out += (_ENTERER_ENDED, by[2])
        mark = 0 if message is None else self.errors.mark(message)
        self.out += (_CANCEL_REQUESTED, task.number, *by, mark, accepted, had_started, wait_was_over, was_pending)

    def uncancelled(self, task, by):
        if self.site is not None:
            self.site(task)
        if self.hands is not None:
            self.hands.uncancelled(task)
        self.out += (_UNCANCELLED, task.number, *by, task.cancelling())

    # Scopes.

    def scope_made(self, scope, purpose):
        if scope not in self.scope_numbers:
            number = self.scope_numbers[scope] = len(self.purposes)
            self.purposes.append(purpose)
            self.errors.scope_made(scope, number)

    def scope_entered(self, scope):
        self.entering = None
        number = self.scope_numbers[scope]
        if self.site is not None and self.purposes[number] in (_OF_PROGRAM, _OF_GROUP):
            self.site(scope._host_task)
        when = self._when(scope._deadline)
        self.out += (_SCOPE_ENTERED, number, scope._host_task.number, scope._shield, self.purposes[number], when)
        if self.entries is not None:
            self.entries.entered(number, scope._host_task)

    def enter_ended(self, scope):
        if self.entering is scope:
            self.scope_entered(scope)
        number = self.scope_numbers[scope]
        if self.purposes[number] == _OF_GROUP:
            self.out += (_GROUP_ENTERED, self.group_of_scope[number], number, scope._host_task.number)

    def scope_left(self, scope, task, came_in, swallowed, raised=None):
        """Its exit may have `raised` another error than came in."""
        if self.hands is not None and swallowed:
            self.hands.scope_swallowed(task, came_in)
        if self.entries is not None:
            self.entries.left(self.scope_numbers[scope])
        leaves = None if swallowed else raised or came_in
        came_in, caught = self.errors.number(came_in), scope._cancelled_caught
        number = self.scope_numbers[scope]
        self.out += (_SCOPE_LEFT, number, task.number, came_in, swallowed, caught, task.cancelling())
        if self.tells_blocks and self.purposes[number] == _OF_PROGRAM:
            self.scope_block_left(task, scope, leaves)
        self.audits.left(scope)

    def scope_exit_failed(self, scope, why, error):
        if self.site is not None:
            self.site(current_task(self.loop))
        error = self.errors.number(error)
        self.out += (_SCOPE_EXIT_FAILED, self.scope_numbers[scope], current_task(self.loop).number, why, error)

    def scope_cancelled(self, scope):
        by = self.by()
        if self.site is not None and by[1] >= 0:
            self.site(current_task(self.loop))
        self.out += (_SCOPE_CANCELLED, self.scope_numbers[scope], *by)

    def deadline_reached(self, scope):
        self.out += (_DEADLINE_REACHED, self.scope_numbers[scope])

    def deadline_changed(self, scope, deadline):
        self.out += (_DEADLINE_CHANGED, self.scope_numbers[scope], self._when(deadline))

    def shield_changed(self, scope, shield):
        self.out += (_SHIELD_CHANGED, self.scope_numbers[scope], shield)

    def scope_moved(self, scope, parent):
        self.out += (_SCOPE_MOVED, self.scope_numbers[scope], self.scope_numbers[parent])

    def pass_began(self, scope):
        """Gives back who asked until now, for `pass_ended`."""
        if self.entering is scope and scope._active:
            self.scope_entered(scope)
        return self.ask_as((_SCOPE, self.scope_numbers[scope]))

    def pass_ended(self, scope, cause, cancelled, rearmed):
        if rearmed and not scope._active:
            self.audits.pass_ends(scope)
        self.out += (_PASS_ENDED, self.scope_numbers[scope], cause, rearmed)

    def _when(self, time):
        return NEVER if time is None or time == math.inf else self.loop.ticks(time)

    # Groups.

    def group_made(self, group):
        number = self.group_numbers[group] = len(self.group_numbers)
        self.group_of_scope[self.scope_numbers[group.cancel_scope]] = number

    def group_exit_began(self, group, error):
        error = self.errors.number(error)
        self.out += (_GROUP_EXIT_BEGAN, self.group_numbers[group], current_task(self.loop).number, error)

    def group_left(self, group, error, gave_way, body_cancelled):
        error = self.errors.number(error)
        number, task = self.group_numbers[group], current_task(self.loop).number
        self.out += (_GROUP_LEFT, number, task, error, gave_way, body_cancelled)
        if self.tells_blocks:
            self.out += (_GROUP_BLOCK_LEFT, task, number, error)

    def task_spawned(self, task, group, scope, by_start):
        scope = -1 if scope is None else self.scope_numbers[scope]
        self.out += (_TASK_SPAWNED, task.number, self.group_numbers[group], scope, by_start)
        if by_start:
            self.out += (_START_CALLED, task.number, self.group_numbers[group], current_task(self.loop).number)

    def child_reported(self, task, group, cancelled_group):
        self.out += (_CHILD_REPORTED, task.number, self.group_numbers[group], cancelled_group)

    def started_called(self, error=None):
        if self.status is not None:
            (task, waits), self.status = self.status, None
            self.out += (_STARTED_CALLED, task.number, waits, self.errors.number(error))

    def start_returned(self, child, error):
        error = self.errors.number(error)
        self.out += (_START_RETURNED, child, current_task(self.loop).number, error)

    # asyncio's own.

    def timeout_made(self, timeout):
        self.timeout_numbers[timeout] = len(self.timeout_numbers)

    def timeout_entered(self, timeout):
        number = current_task(self.loop).number
        self.out += (_TIMEOUT_ENTERED, number, self.timeout_numbers[timeout], self._when(timeout.when()))

    def timeout_rescheduled(self, timeout):
        self.out += (_TIMEOUT_RESCHEDULED, self.timeout_numbers[timeout], self._when(timeout.when()))

    def timeout_exit_began(self, timeout, error):
        error = self.errors.number(error)
        self.out += (_TIMEOUT_EXIT_BEGAN, self.timeout_numbers[timeout], error)

    def timeout_left(self, timeout, error):
        if self.tells_blocks:
            self.timeout_block_left(current_task(self.loop), timeout, error)

    def asyncio_group_made(self, group):
        self.asyncio_group_numbers[group] = len(self.asyncio_group_numbers)

    def asyncio_group_entered(self, group):
        self.out += (_ASYNCIO_GROUP_ENTERED, self.asyncio_group_numbers[group], current_task(self.loop).number)

    def asyncio_group_took(self, group, task):
        self.out += (_ASYNCIO_GROUP_TOOK, self.asyncio_group_numbers[group], task.number)

    def asyncio_group_exit_began(self, group, error):
        error = self.errors.number(error)
        self.out += (_ASYNCIO_GROUP_EXIT_BEGAN, self.asyncio_group_numbers[group], error)

    def asyncio_group_left(self, group, error):
        if self.tells_blocks:
            self.asyncio_group_block_left(current_task(self.loop), group, error)

    def wait_for_began(self, awaited, delay):
        awaited = awaited.number if isinstance(awaited, Task) else -1
        delay = NEVER if delay is None or delay == math.inf else self.loop.duration(delay)
        self.out += (_WAIT_FOR_BEGAN, current_task(self.loop).number, awaited, delay)

    def wait_for_ended(self, error):
        if error is not None and not self.tells_blocks:
            self.late = lambda: self._wait_for_ended(error)
        else:
            self._wait_for_ended(error)

    def _wait_for_ended(self, error):
        error = self.errors.number(error)
        self.out += (_WAIT_FOR_ENDED, current_task(self.loop).number, error)
