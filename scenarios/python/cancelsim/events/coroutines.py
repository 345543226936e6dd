"""Coroutines that tell an emitter of their steps.

They are watched without a frame of a coroutine in between: what Python stores in an exception's `__context__` depends on those.
"""
from collections.abc import Coroutine
from types import CoroutineType


class Steps:
    """A task's coroutine: tells of each step."""

    __slots__ = ("coroutine", "task", "emitter", "started")

    def __init__(self, coroutine, task, emitter):
        self.coroutine = coroutine
        self.task = task
        self.emitter = emitter
        self.started = False

    def send(self, value):
        self.started = True
        self.emitter.task_resumed(self.task)
        try:
            return self.coroutine.send(value)
        except StopIteration:
            self.emitter.task_done(self.task, None)
            raise
        except BaseException as error:
            self.emitter.task_done(self.task, error)
            raise

    def throw(self, *error):
        self.started = True
        error = _instance(error)
        self.emitter.task_resumed(self.task, error)
        try:
            return self.coroutine.throw(error)
        except StopIteration:
            self.emitter.task_done(self.task, None)
            raise
        except BaseException as raised:
            self.emitter.task_done(self.task, raised)
            raise

    def close(self):
        self.coroutine.close()

    def __getattr__(self, name):
        return getattr(self.coroutine, name)


def _instance(error):
    """Of the arguments of `throw`, the exception."""
    kind, *rest = error
    return rest[0] if rest and rest[0] is not None else kind if isinstance(kind, BaseException) else kind()


class Watched:
    """A coroutine that is awaited: `began` and `ended` are called before its first step and after its last. In its steps,
    `asker` asks."""

    __slots__ = ("coroutine", "emitter", "asker", "gave_way", "has_begun")

    def __init__(self, coroutine, emitter):
        self.coroutine = coroutine
        self.emitter = emitter
        self.asker = None
        self.gave_way = False
        self.has_begun = False

    # Its task may be that of a Watched alone: anyio looks into it, and asks whether it is a coroutine.
    __class__ = property(lambda self: CoroutineType)

    def __getattr__(self, name):
        return getattr(self.coroutine, name)

    def began(self):
        pass

    def ended(self, error):
        pass

    def __await__(self):
        return self

    def __iter__(self):
        return self

    def __next__(self):
        return self._step(self.coroutine.send, None)

    def send(self, value):
        return self._step(self.coroutine.send, value)

    def throw(self, *error):
        return self._step(self.coroutine.throw, _instance(error))

    def close(self):
        self.coroutine.close()

    def _step(self, step, value):
        emitter = self.emitter
        if not self.has_begun:
            self.has_begun = True
            self.began()
        asker = emitter.ask_as(self.asker)
        try:
            result = step(value)
        except StopIteration:
            self.ended(None)
            raise
        except BaseException as error:
            self.ended(error)
            raise
        finally:
            emitter.ask_as(asker)
        self.gave_way = True
        return result


Coroutine.register(Steps)
Coroutine.register(Watched)
