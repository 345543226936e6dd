"""Has the calls of the methods of objects told to the emitter: put around the library's own methods, which do what they did."""
import functools
import sys
from asyncio import current_task, locks, queues

from anyio._backends import _asyncio
from anyio._core import _synchronization
from anyio.streams import memory

from cancelsim import hooks
from cancelsim.events import CALLS, NEVER
from cancelsim.events.coroutines import Watched
from cancelsim.events.objects import count_of

_SEND, _SEND_NOWAIT, _RECEIVE, _RECEIVE_NOWAIT = (CALLS[word] for word in ("send", "send_nowait", "receive", "receive_nowait"))
_ACQUIRE_LOCK, _RELEASE_LOCK = locks.Lock.acquire, locks.Lock.release  # as they were
_SENDING, _RECEIVING = (_SEND, _SEND_NOWAIT), (_RECEIVE, _RECEIVE_NOWAIT)


class Call(Watched):
    """The coroutine of a method of an object."""

    __slots__ = ("objects", "telling")

    def __init__(self, coroutine, emitter, telling):
        super().__init__(coroutine, emitter)
        self.objects = emitter.objects
        self.telling = telling

    def _step(self, step, value):
        objects = self.objects
        if not self.has_begun:
            self.has_begun = True
            self.telling.began(objects)
        objects.inside = True
        try:
            result = step(value)
        except StopIteration as stop:
            objects.inside = False
            self.telling.returned(objects, stop.value)
            raise
        except BaseException as error:
            objects.inside = False
            self.telling.raised(objects, error, objects.raised)
            raise
        objects.inside = False
        return result


class Telling:
    """What is told of one call."""

    __slots__ = ("thing", "call", "amount", "borrower", "item", "number")

    def __init__(self, thing, call, amount=0, borrower=0, item=None):
        self.thing = thing
        self.call = call
        self.amount = amount
        self.borrower = borrower
        self.item = item

    def began(self, objects):
        if objects.items is not None and self.call in _SENDING:
            self.number = objects.items.offered(self.thing, self.item)
        objects.began(self.thing, self.call, self.amount, self.borrower)

    def returned(self, objects, result):
        objects.ended(None)
        if objects.items is not None and self.call in _RECEIVING:
            objects.items.received(self.thing, result)

    def raised(self, objects, error, tell):
        tell(error)
        if objects.items is not None and self.call in _SENDING:
            objects.items.refused(self.thing, self.item, self.number)


def _simple(call):
    return lambda objects, it: Telling(it, call)


def _of_borrower(call):
    return lambda objects, it, borrower: Telling(it, call, borrower=objects.borrower_number(borrower))


def _of_current_task(call):
    def telling(objects, it):
        task = current_task()
        return Telling(it, call, borrower=0 if task is None else objects.borrower_number(task))

    return telling


def _of_end(call):
    return lambda objects, it: Telling(it._state, call)


def _closing(call):
    return lambda objects, it: None if it._closed else Telling(it._state, call)


def _sending(call):
    return lambda objects, it, item: Telling(getattr(it, "_state", it), call, item=item)


def _notifying(objects, it, n=1):
    return Telling(it, CALLS["notify"], amount=count_of(n))


def _notifying_all(objects, it):
    return Telling(it, CALLS["notify"], amount=NEVER)


_ACQUIRED = {
    "acquire": _simple(CALLS["acquire"]),
    "acquire_nowait": _simple(CALLS["acquire_nowait"]),
    "release": _simple(CALLS["release"]),
}
_WAITED_FOR = {"wait": _simple(CALLS["wait"]), "notify": _notifying, "notify_all": _notifying_all}

# class -> {its method: what is told of a call, or None for nothing}
_AWAITED = {"acquire", "acquire_on_behalf_of", "wait", "send", "receive", "put", "get", "join"}
_METHODS = {
    _asyncio.Lock: _ACQUIRED,
    _asyncio.Semaphore: _ACQUIRED,
    _asyncio.CapacityLimiter: {
        "acquire": _of_current_task(CALLS["acquire"]),
        "acquire_nowait": _of_current_task(CALLS["acquire_nowait"]),
        "release": _of_current_task(CALLS["release"]),
        "acquire_on_behalf_of": _of_borrower(CALLS["acquire"]),
        "acquire_on_behalf_of_nowait": _of_borrower(CALLS["acquire_nowait"]),
        "release_on_behalf_of": _of_borrower(CALLS["release"]),
    },
    _synchronization.Condition: {**_ACQUIRED, **_WAITED_FOR},
    memory.MemoryObjectSendStream: {
        "send": _sending(_SEND),
        "send_nowait": _sending(_SEND_NOWAIT),
        "close": _closing(CALLS["close_send"]),
        "clone": _of_end(CALLS["clone_send"]),
    },
    memory.MemoryObjectReceiveStream: {
        "receive": _of_end(_RECEIVE),
        "receive_nowait": _of_end(_RECEIVE_NOWAIT),
        "close": _closing(CALLS["close_receive"]),
        "clone": _of_end(CALLS["clone_receive"]),
    },
    locks.Lock: _ACQUIRED,
    locks.Semaphore: _ACQUIRED,
    locks.BoundedSemaphore: _ACQUIRED,
    locks.Condition: _WAITED_FOR,
    queues.Queue: {
        "put": _sending(_SEND),
        "put_nowait": _sending(_SEND_NOWAIT),
        "get": _simple(_RECEIVE),
        "get_nowait": _simple(_RECEIVE_NOWAIT),
        "task_done": _simple(CALLS["task_done"]),
        "join": _simple(CALLS["join"]),
    },
}


def install():
    """Once in a process, when `hooks.install` has been called."""
    for owner, methods in _METHODS.items():
        for name, telling in methods.items():
            if name in vars(owner):
                setattr(owner, name, (_awaited if name in _AWAITED else _called)(vars(owner)[name], telling))
    _watch_tokens()
    _watch_conditions()


def _asked(telling, objects, arguments, options):
    """What is told of a call; None where the method itself is going to say what is wrong with it."""
    try:
        return telling(objects, *arguments, **options)
    except (TypeError, ValueError, OverflowError):
        return None


def _awaited(function, telling):
    @functools.wraps(function)
    def watched(self, *args, **kwargs):
        emitter = hooks.run.emitter
        if emitter is None or emitter.objects.inside:
            return function(self, *args, **kwargs)
        coroutine, told = function(self, *args, **kwargs), _asked(telling, emitter.objects, (self, *args), kwargs)
        return coroutine if told is None else Call(coroutine, emitter, told)

    return watched


def _called(function, telling):
    @functools.wraps(function)
    def watched(self, *args, **kwargs):
        emitter = hooks.run.emitter
        if emitter is None or emitter.objects.inside:
            return function(self, *args, **kwargs)
        objects = emitter.objects
        told = _asked(telling, objects, (self, *args), kwargs)
        if told is None:
            return function(self, *args, **kwargs)
        told.began(objects)
        objects.inside = True
        try:
            result = function(self, *args, **kwargs)
        except BaseException as error:
            objects.inside = False
            told.raised(objects, error, objects.ended)
            raise
        objects.inside = False
        told.returned(objects, result)
        return result

    return watched


def _watch_tokens():
    limiter = _asyncio.CapacityLimiter
    tokens, making = limiter.total_tokens, limiter.__init__.__code__

    def setting(objects, it, value):
        return Telling(it, CALLS["set_tokens"], amount=count_of(value))

    set_tokens = _called(tokens.fset, setting)

    def watched(self, value):
        (tokens.fset if sys._getframe(1).f_code is making else set_tokens)(self, value)

    limiter.total_tokens = tokens.setter(watched)


def _watch_conditions():
    """Which lock they were given. asyncio's have the methods of it as their own."""

    def watching(initialise, methods):
        def watched(self, lock=None):
            initialise(self, lock)
            emitter = hooks.run.emitter
            if emitter is None:
                return
            if lock is not None:
                emitter.objects.lock_given(self, lock)
            for name, watch in methods.items():
                setattr(self, name, functools.partial(watch, self))

        return watched

    def of_lock(method):
        return lambda self, *args: method(self._lock, *args)

    methods = {
        "acquire": _awaited(of_lock(_ACQUIRE_LOCK), _ACQUIRED["acquire"]),
        "release": _called(of_lock(_RELEASE_LOCK), _ACQUIRED["release"]),
    }
    for condition, own in ((_synchronization.Condition, {}), (locks.Condition, methods)):
        condition.__init__ = watching(condition.__init__, own)
