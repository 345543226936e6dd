"""What a parked task waits for, by the coroutines that it is in: the outermost of a library's own says it."""
import asyncio
from asyncio import locks, queues, taskgroups, tasks
from types import CoroutineType

import anyio
from anyio import lowlevel
from anyio._backends import _asyncio
from anyio._core import _eventloop, _synchronization
from anyio.streams import memory

from cancelsim.events import WAITS
from cancelsim.events.coroutines import Watched
from cancelsim.hooks import by_code

_YIELD, _POLL, _SHIELDED, _SLEEP = (WAITS[word] for word in ("yield", "poll", "shielded_checkpoint", "sleep"))
_EVENT, _FUTURE, _OBJECT, _TASK, _ASYNCIO = (WAITS[word] for word in ("event", "future", "object", "task", "asyncio"))
_CHILDREN, _LAST_CHECKPOINT, _ASYNCIO_CHILDREN = (WAITS[word] for word in ("children", "last_checkpoint", "asyncio_children"))
_STARTED, _CHILD_END = WAITS["started"], WAITS["child_end"]

_Backend = _asyncio.AsyncIOBackend
_KINDS = {
    _SLEEP: [anyio.sleep, _eventloop.sleep_forever, _eventloop.sleep_until, _Backend.sleep, asyncio.sleep],
    _YIELD: [lowlevel.checkpoint, _Backend.checkpoint],
    _POLL: [lowlevel.checkpoint_if_cancelled, _Backend.checkpoint_if_cancelled],
    _SHIELDED: [lowlevel.cancel_shielded_checkpoint, _Backend.cancel_shielded_checkpoint],
    _EVENT: [_asyncio.Event.wait, asyncio.Event.wait],
    _ASYNCIO: [asyncio.wait_for, asyncio.wait, tasks._wait],
    _ASYNCIO_CHILDREN: [taskgroups.TaskGroup.__aexit__],
    _CHILDREN: [_asyncio.TaskGroup.__aexit__],
    _STARTED: [_asyncio.TaskGroup.start],
    _OBJECT: [
        *(_asyncio.Lock.acquire, _asyncio.Semaphore.acquire, _synchronization.Condition.acquire, _synchronization.Condition.wait),
        *(_asyncio.CapacityLimiter.acquire, _asyncio.CapacityLimiter.acquire_on_behalf_of),
        *(memory.MemoryObjectReceiveStream.receive, memory.MemoryObjectSendStream.send),
        *(locks.Lock.acquire, locks.Semaphore.acquire, locks.Condition.wait),
        *(queues.Queue.put, queues.Queue.get, queues.Queue.join),
    ],
}
_KIND_OF = by_code({function: kind for kind, functions in _KINDS.items() for function in functions})
# Coroutines in which a task waits for nothing, where they are inside others.
_CHECKPOINTS = {_YIELD, _POLL, _SHIELDED}
# What nothing further in can change.
_NO_MATTER_WHERE = {*_CHECKPOINTS, _SLEEP, _ASYNCIO}


def wait_of(task, future, emitter):
    """The kind of what `task` waits for, and the number of the object that the kind says. `future` is its `_fut_waiter`."""
    kind = at = None
    inner = task.coroutine
    while True:
        if type(inner) is CoroutineType:
            known = _KIND_OF.get(id(inner.cr_code))
            if known is not None:
                if kind is None:
                    if known in _NO_MATTER_WHERE:
                        return known, -1
                    kind = known
                    if at is None or at.coroutine is not inner:
                        at = inner
                elif kind == _CHILDREN and known == _SHIELDED:
                    return _LAST_CHECKPOINT, emitter.group_numbers[at.group]
                elif kind == _OBJECT and known in _CHECKPOINTS:
                    return known, -1
            elif kind == _STARTED and inner.__name__ == "wait":  # of its handle
                return _CHILD_END, at.child
            inner = inner.cr_await
        elif issubclass(type(inner), Watched):
            if kind is None:
                at = inner
            inner = inner.coroutine
        else:
            break  # a future, or a bare yield
    if kind is None:
        return _of_nothing_known(task, future, emitter)
    if kind == _CHILDREN:
        return kind, emitter.group_numbers[at.group]
    if kind == _STARTED:
        return (_CHILD_END if isinstance(future, asyncio.Task) else _STARTED), at.child
    if kind == _EVENT:
        return kind, emitter.named.get(at.cr_frame.f_locals["self"], -1)
    if kind == _ASYNCIO_CHILDREN:
        return kind, emitter.asyncio_group_numbers[at.group]
    return kind, -1


def _of_nothing_known(task, future, emitter):
    if future is None:
        return _TASK, task.number  # it awaits itself, and is going to be told so
    if isinstance(future, asyncio.Task):
        return _TASK, future.number
    if isinstance(future, tasks._GatheringFuture) or future in emitter.shields:
        return _ASYNCIO, -1
    return _FUTURE, emitter.named.get(future, -1)
