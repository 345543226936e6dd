"""The kinds of objects that a case can declare: how each is made, and what its state at the end of a run is."""
import asyncio

import anyio


class Stream:
    """Both ends of a memory object stream, or one that is a clone's."""

    __slots__ = ("_names", "_sending", "_receiving")

    def __init__(self, names, sending, receiving):
        self._names = names
        self._sending = sending
        self._receiving = receiving

    def _end(self, end):
        return self._names._skip() if end is None else end

    @property
    def send(self):
        return self._end(self._sending).send

    @property
    def send_nowait(self):
        return self._end(self._sending).send_nowait

    @property
    def close_send(self):
        return self._end(self._sending).close

    @property
    def receive(self):
        return self._end(self._receiving).receive

    @property
    def receive_nowait(self):
        return self._end(self._receiving).receive_nowait

    @property
    def close_receive(self):
        return self._end(self._receiving).close

    def clone_send(self):
        return Stream(self._names, self._end(self._sending).clone(), None)

    def clone_receive(self):
        return Stream(self._names, None, self._end(self._receiving).clone())


class Queue:
    """An asyncio.Queue, in the words of a stream."""

    __slots__ = ("queue", "send", "send_nowait", "receive", "receive_nowait", "task_done", "join")

    def __init__(self, queue):
        self.queue = queue
        self.send, self.send_nowait = queue.put, queue.put_nowait
        self.receive, self.receive_nowait = queue.get, queue.get_nowait
        self.task_done, self.join = queue.task_done, queue.join


def _make_condition(make):
    def make_condition(names, lock=None):
        return make(None if lock is None else names._find("object", lock))

    return make_condition


def _make_stream(names, buffer):
    return Stream(names, *anyio.create_memory_object_stream(buffer))


def _owner(lock, label):
    return None if lock._owner_task is None else label(lock._owner_task)


def _waiting(thing):
    return len(thing._waiters or ())


def _lock(lock, label):
    return {"owner": _owner(lock, label), "waiting": _waiting(lock)}


def _semaphore(semaphore, label):
    return {"value": semaphore._value, "waiting": _waiting(semaphore)}


def _limiter(limiter, label):
    return {"tokens": limiter._total_tokens, "borrowed": len(limiter._borrowers), "waiting": len(limiter._wait_queue)}


def _condition(condition, label):
    lock = condition._lock
    return {"owner": _owner(lock, label), "acquiring": _waiting(lock), "waiting": _waiting(condition)}


def _stream(stream, label):
    state = stream._sending._state
    return {
        "buffered": len(state.buffer),
        "senders": state.open_send_channels,
        "receivers": state.open_receive_channels,
        "sending": len(state.waiting_senders),
        "receiving": len(state.waiting_receivers),
    }


def _asyncio_lock(lock, label):
    return {"locked": lock.locked(), "waiting": _waiting(lock)}


def _asyncio_condition(condition, label):
    lock = condition._lock
    return {"locked": lock.locked(), "acquiring": _waiting(lock), "waiting": _waiting(condition)}


def _asyncio_queue(handle, label):
    queue = handle.queue
    return {
        "buffered": queue.qsize(),
        "unfinished": queue._unfinished_tasks,
        "getting": len(queue._getters),
        "putting": len(queue._putters),
    }


# kind -> (how it is made of its properties, its state; `label` tells the label of a task)
KINDS = {
    "lock": (lambda names, **properties: anyio.Lock(**properties), _lock),
    "semaphore": (lambda names, value, **properties: anyio.Semaphore(value, **properties), _semaphore),
    "limiter": (lambda names, tokens: anyio.CapacityLimiter(tokens), _limiter),
    "condition": (_make_condition(anyio.Condition), _condition),
    "stream": (_make_stream, _stream),
    "asyncio_lock": (lambda names: asyncio.Lock(), _asyncio_lock),
    "asyncio_semaphore": (lambda names, value: asyncio.Semaphore(value), _semaphore),
    "asyncio_condition": (_make_condition(asyncio.Condition), _asyncio_condition),
    "asyncio_queue": (lambda names, buffer: Queue(asyncio.Queue(buffer)), _asyncio_queue),
}


def shared(made):
    """The library's own object, which `made` stands for."""
    if isinstance(made, Stream):
        return made._sending._state
    return made.queue if isinstance(made, Queue) else made


def make(names, kind, properties):
    return KINDS[kind][0](names, **properties)


def state(kind, made, label):
    return KINDS[kind][1](made, label)
