"""Exceptions as a stream of events has them: each has a number, and is described before its first use, and again where its
`__context__` is another.
"""
import asyncio
import os
from asyncio import CancelledError

import anyio

from cancelsim.events import ERROR, ERRORS
from cancelsim.texts import one_line

_KINDS = {
    CancelledError: ERRORS["cancelled"],
    RuntimeError: ERRORS["runtime_error"],
    TimeoutError: ERRORS["timeout_error"],
    AssertionError: ERRORS["assertion_error"],
    AttributeError: ERRORS["attribute_error"],
    ValueError: ERRORS["value_error"],
    asyncio.QueueEmpty: ERRORS["queue_empty"],
    asyncio.QueueFull: ERRORS["queue_full"],
    BaseExceptionGroup: ERRORS["group"],
    ExceptionGroup: ERRORS["group"],
    anyio.WouldBlock: ERRORS["would_block"],
    anyio.ClosedResourceError: ERRORS["closed_resource"],
    anyio.BrokenResourceError: ERRORS["broken_resource"],
    anyio.EndOfStream: ERRORS["end_of_stream"],
}
_CANCELLED, _NAMED, _GROUP = ERRORS["cancelled"], ERRORS["named"], ERRORS["group"]
_MARK = "Cancelled via cancel scope "  # how anyio's messages begin; then comes the scope's `id`


def _kind_of(error):
    kind = _KINDS.get(type(error))
    if kind is not None:
        return kind
    if isinstance(error, CancelledError):
        return _CANCELLED
    return _GROUP if isinstance(error, BaseExceptionGroup) else _NAMED



def _name_of(error):
    """What is printed of an exception of a program's own."""
    if type(error) is Exception and len(error.args) == 1 and isinstance(error.args[0], str):
        return error.args[0]
    text = one_line(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


_HERE = os.path.dirname(os.path.abspath(__file__))
# Where this package raises nothing that a program may see.
_SILENT = {os.path.join(os.path.dirname(_HERE), f"{name}.py") for name in ("choices", "hooks", "loop", "reports", "trace")}
_SILENT.update(os.path.join(_HERE, name) for name in os.listdir(_HERE) if name.endswith(".py"))


_LIBRARIES = tuple(os.path.dirname(os.path.abspath(module.__file__)) + os.sep for module in (asyncio, anyio))
# What a library raises on the way to the error that it means, which it then raises `from None`: no error that anybody else sees.
_IN_PASSING = (KeyError, AttributeError, asyncio.InvalidStateError)


def _raised_in(error):
    """The file and line that raised it."""
    at = error.__traceback__
    if at is None:
        return "", 0
    while at.tb_next is not None:
        at = at.tb_next
    return at.tb_frame.f_code.co_filename, at.tb_lineno


def _fault_in(error):
    """One line, where it is this package that failed."""
    file, line = _raised_in(error)
    if file not in _SILENT:
        return None
    return one_line(f"{os.path.basename(file)} line {line}: {type(error).__name__}: {error}")


class Errors:
    """Those of one run. They are kept as long as it lasts, so that no two have the same `id`."""

    def __init__(self, out, strings):
        self.fault = None  # one line, where this package failed
        self._out = out
        self._strings = strings
        self._sent = {}  # id -> [number, number of the context, the exception]
        self._scopes = {}  # `id` of a scope, in hexadecimal -> its number, plus 1
        self._marks = {}  # message -> the same, of those that have been looked at

    def forget(self):
        """The run is over. Their frames, which refer to them, are freed at once: a collection of garbage would take longer."""
        for _, _, error in self._sent.values():
            error.__traceback__ = None
        self._sent.clear()

    def scope_made(self, scope, number):
        self._scopes[f"{id(scope):x}"] = number + 1

    def mark(self, message):
        """0, or the number of the scope whose message that is, plus 1."""
        if not isinstance(message, str) or not message.startswith(_MARK):
            return 0
        number = self._marks.get(message)
        if number is None:
            number = self._scopes.get(message[len(_MARK) :].replace(";", " ").split(" ", 1)[0], 0)
            if number != 0:
                self._marks[message] = number
        return number

    def number(self, error):
        """Its number, or -1 for None, when all has been said that is new of it."""
        if error is None:
            return -1
        sent = self._sent.get(id(error))
        if sent is not None and sent[1] == -1 and error.__context__ is None and not isinstance(error, BaseExceptionGroup):
            return sent[0]
        chain, seen = [], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            chain.append(error)
            error = self._context_of(error)
        context = -1
        for link in reversed(chain):
            context = self._describe(link, context)
        return context

    def _context_of(self, error):
        context = error.__context__
        if error.__suppress_context__ and isinstance(context, _IN_PASSING) and id(context) not in self._sent:
            return context.__context__ if _raised_in(context)[0].startswith(_LIBRARIES) else context
        return context

    def _describe(self, error, context):
        children = []
        if isinstance(error, BaseExceptionGroup):
            children = [self.number(child) for child in error.exceptions]
        sent = self._sent.get(id(error))
        if sent is None:
            sent = self._sent[id(error)] = [len(self._sent), None, error]
            if not isinstance(error, CancelledError):
                self.fault = self.fault or _fault_in(error)
        if sent[1] != context:
            sent[1] = context
            kind = _kind_of(error)
            mark, name = 0, -1
            if kind == _CANCELLED:
                mark = self.mark(error.args[0]) if error.args else 0
            elif kind == _NAMED:
                name = len(self._strings)
                self._strings.append(_name_of(error))
            self._out += (ERROR, sent[0], kind, mark, name, context, len(children), *children)
        return sent[0]
