"""Where in a program its tasks are, and at which of its awaits they were interrupted."""
import asyncio
import dis
import functools
import gc
import linecache
import os
import sysconfig
import types

import anyio

_OURS = [os.path.dirname(os.path.dirname(__file__)), os.path.dirname(anyio.__file__), os.path.dirname(asyncio.__file__)]
_STANDARD = sysconfig.get_path("stdlib") + os.sep
_INSTALLED = (os.sep + "site-packages" + os.sep, os.sep + "dist-packages" + os.sep)
_AWAITING = {
    types.CoroutineType: lambda it: (it.cr_frame, it.cr_await),
    types.GeneratorType: lambda it: (it.gi_frame, it.gi_yieldfrom),
    types.AsyncGeneratorType: lambda it: (it.ag_frame, it.ag_await),
}
_is_program = {}  # file -> whether


def is_program(path):
    """Not anyio's, asyncio's, Python's or ours: of the program, or of a library that it uses."""
    known = _is_program.get(path)
    if known is None:
        ours = any(path.startswith(folder + os.sep) for folder in _OURS)
        standard = path.startswith(_STANDARD) and not any(folder in path for folder in _INSTALLED)
        known = _is_program[path] = not ours and not standard and not path.startswith("<")
    return known


def parked_in(awaitable):
    """What is parked, and what it awaits, the outermost first: pairs of a coroutine or generator and its frame."""
    while awaitable is not None:
        look = _AWAITING.get(type(awaitable))
        if look is None:
            # A step of an asynchronous generator, or a coroutine's wrapper, does not show what it is of.
            inside = [it for it in gc.get_referents(awaitable) if type(it) in _AWAITING]
            awaitable = inside[0] if inside else None
            continue
        at, (frame, awaitable) = awaitable, look(awaitable)
        if frame is not None:
            yield at, frame


def parked_frames(awaitable):
    """The frames of what is parked, the outermost first."""
    return (frame for _, frame in parked_in(awaitable))


def place_of(frame, line=None):
    """(file, line, function, source) of a frame: where it is, or at that line."""
    code, line = frame.f_code, frame.f_lineno if line is None else line
    return code.co_filename, line, code.co_qualname, linecache.getline(code.co_filename, line).strip()


def running_frame(frame):
    """The innermost frame of the program's that `frame` runs in, or None."""
    while frame is not None and not is_program(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


@functools.cache
def awaits_of(code):
    """The lines of each `await`, `async for` and `async with` of a module's functions: pairs (line, function)."""
    found = {
        (instruction.positions.lineno, code.co_qualname)
        for instruction in dis.get_instructions(code)
        if instruction.opname == "SEND" and instruction.positions.lineno is not None
    }
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= awaits_of(constant)
    return found


class Sites:
    """The sites of one run, numbered as they are met first."""

    def __init__(self):
        self.table = []
        self._numbers = {}
        self._parked = {}  # task -> the sites where it is parked, as _chain_of has them
        self.parked_at = set()
        self.interrupted_at = set()

    def number(self, frame):
        return self.number_of(place_of(frame))

    def number_of(self, place):
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self.table)
            self.table.append(list(place))
        return number

    def _chain_of(self, task):
        """The numbers of the sites where a parked task is, in each function of the program's, the outermost first."""
        return [self.number(frame) for frame in parked_frames(task.get_coro()) if is_program(frame.f_code.co_filename)]

    def of_task(self, task):
        """The number of the site where a parked task is, in the innermost function; None where it is in none of the program's."""
        chain = self._chain_of(task)
        return chain[-1] if chain else None

    def of_running(self, frame):
        """The number of the site where the program runs, of whose frames or what they call `frame` is one; None without."""
        frame = running_frame(frame)
        return None if frame is None else self.number(frame)

    def task_parked(self, task):
        """Gives back where."""
        chain = self._parked[task] = self._chain_of(task)
        self.parked_at.update(chain)
        return chain[-1] if chain else None

    def task_interrupted(self, task):
        """A CancelledError is about to be thrown into a parked task."""
        self.interrupted_at.update(self._parked.get(task, ()))

    def coverage(self, program):
        """Of the awaits in FILE: all, those at which a task was parked, itself or in what it awaits, and those at which one was
        interrupted so.
        """

        def lines(sites):
            places = (self.table[site] for site in sites)
            return sorted([line, function] for file, line, function, _ in places if file == program.path)

        return {
            "awaits": [list(place) for place in sorted(awaits_of(program.code))],
            "parked": lines(self.parked_at),
            "interrupted": lines(self.interrupted_at),
        }
