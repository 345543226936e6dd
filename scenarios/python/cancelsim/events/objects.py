"""The objects of a run that tasks share, and the calls of their methods: locks, semaphores, limiters, conditions, streams, queues.

An object is told of when it is first used. What its own methods call is not told, such as a condition its lock.
"""
import asyncio
from asyncio import current_task, locks, queues

from anyio._backends import _asyncio
from anyio._core import _synchronization
from anyio.streams import memory

from cancelsim.events import KINDS, NEVER, NUMBERS

_OBJECT_MADE, _OBJECT_AT_REST = NUMBERS["ObjectMade"], NUMBERS["ObjectAtRest"]
_CALL_BEGAN, _CALL_ENDED = NUMBERS["CallBegan"], NUMBERS["CallEnded"]
_OFFERED, _RECEIVED = NUMBERS["Offered"], NUMBERS["Received"]
_NO_MAXIMUM = -1


def count_of(number):
    return NEVER if number >= NEVER else int(number)


def _owned(lock):
    return (1, -1) if lock._owner_task is None else (0, getattr(lock._owner_task, "number", -1))


def _real(lock):
    """What an adapter of anyio's stands for, which was made where no loop ran."""
    return getattr(lock, "_internal_lock", lock) or lock._lock


# class -> (kind; its amount and its maximum, when it was made; what the library's books say of it in the end)
_TYPES = {
    _asyncio.Lock: ("lock", lambda it: (0, _NO_MAXIMUM), _owned),
    _asyncio.Semaphore: (
        "semaphore",
        lambda it: (it._value, _NO_MAXIMUM if it._max_value is None else it._max_value),
        lambda it: (it._value, -1),
    ),
    _asyncio.CapacityLimiter: (
        "limiter",
        lambda it: (count_of(it._total_tokens), _NO_MAXIMUM),
        lambda it: (count_of(it._total_tokens - len(it._borrowers)), -1),
    ),
    _synchronization.Condition: ("condition", lambda it: (0, _NO_MAXIMUM), lambda it: _owned(_real(it._lock))),
    memory._MemoryObjectStreamState: (
        "stream",
        lambda it: (count_of(it.max_buffer_size), _NO_MAXIMUM),
        lambda it: (len(it.buffer), -1),
    ),
    locks.Lock: ("asyncio_lock", lambda it: (0, _NO_MAXIMUM), lambda it: (int(not it.locked()), -1)),
    locks.BoundedSemaphore: ("asyncio_semaphore", lambda it: (count_of(it._value), count_of(it._bound_value)), lambda it: (count_of(it._value), -1)),
    locks.Semaphore: ("asyncio_semaphore", lambda it: (count_of(it._value), _NO_MAXIMUM), lambda it: (count_of(it._value), -1)),
    locks.Condition: ("asyncio_condition", lambda it: (0, _NO_MAXIMUM), lambda it: (int(not it._lock.locked()), -1)),
    queues.Queue: ("asyncio_queue", lambda it: (count_of(it._maxsize), _NO_MAXIMUM), lambda it: (it.qsize(), -1)),
}


def _type_of(thing):
    return next(_TYPES[kind] for kind in type(thing).__mro__ if kind in _TYPES)


class Objects:
    """Those of a run. `inside`: a method of one runs."""

    def __init__(self, emitter):
        self.inside = False
        self.names = {}  # of borrowers -> their numbers
        self.items = None  # of people's own programs: Items
        self._emitter = emitter
        self._numbers = {}  # id -> number
        self._things = []  # by number; kept, so that no two have the same id
        self._locks = {}  # id of a condition -> (it, the lock that it was given)

    def lock_given(self, condition, lock):
        self._locks[id(condition)] = condition, _real(lock)

    def number(self, thing):
        """It is used."""
        number = self._numbers.get(id(thing))
        if number is None:
            lock = self._locks.get(id(thing))
            lock = -1 if lock is None else self.number(lock[1])
            number = self._numbers[id(thing)] = len(self._things)
            self._things.append(thing)
            kind, amounts, _ = _type_of(thing)
            self._emitter.out += (_OBJECT_MADE, number, KINDS[kind], *amounts(thing), lock)
        return number

    def borrower_number(self, borrower):
        """Of a task, or of whatever else a limiter lends to."""
        if isinstance(borrower, asyncio.Task):
            return 2 * borrower.number
        return 2 * self.names.setdefault(borrower, len(self.names)) + 1

    def began(self, thing, call, amount=0, borrower=0):
        number = self.number(thing)
        emitter = self._emitter
        task = current_task(emitter.loop)
        if task is None:
            number_of_task = -1
        else:
            number_of_task = task.number
            if emitter.site is not None:
                emitter.site(task)
        emitter.out += (_CALL_BEGAN, number_of_task, number, call, amount, borrower)

    def ended(self, error):
        error = self._emitter.errors.number(error)
        task = current_task(self._emitter.loop)
        self._emitter.out += (_CALL_ENDED, -1 if task is None else task.number, error)

    def raised(self, error):
        """A call that was awaited has ended."""
        if self._emitter.tells_blocks:
            self.ended(error)
        else:
            self._emitter.late = lambda: self.ended(error)

    def at_rest(self):
        for number, thing in enumerate(self._things):
            *_, rest = _type_of(thing)
            self._emitter.out += (_OBJECT_AT_REST, number, *rest(thing))


class Items:
    """What people's own programs send: each `send` is given the next number. Where one thing is sent twice, whoever receives it
    has the first of its numbers of which that can be said."""

    def __init__(self, emitter):
        self._emitter = emitter
        self._last = 0
        self._under_way = {}  # (id of the object, id of the item) -> (the item, its numbers)

    def _tell(self, event, number):
        task = current_task(self._emitter.loop)
        self._emitter.out += (event, -1 if task is None else task.number, -1, number)

    def offered(self, thing, item):
        self._emitter.objects.number(thing)
        self._last += 1
        self._under_way.setdefault((id(thing), id(item)), (item, []))[1].append(self._last)
        self._tell(_OFFERED, self._last)
        return self._last

    def refused(self, thing, item, number):
        """Sending it raised; it may be there all the same."""
        _, numbers = self._under_way[id(thing), id(item)]
        if number in numbers:
            numbers.remove(number)
            numbers.append(number)

    def received(self, thing, item):
        _, numbers = self._under_way.get((id(thing), id(item)), (None, ()))
        if numbers:
            self._tell(_RECEIVED, numbers.pop(0))
