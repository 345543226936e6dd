"""Runs what the command sends on the anyio and asyncio that this Python imports: the worker of scenarios/python/PROTOCOL.md."""
import functools
import gc
import hashlib
import json
import os
import platform
import runpy
import socket
import struct
import sys
import traceback
import warnings

from cancelsim import choices, events, releases

# Garbage is collected between runs, once in so many.
RUNS_PER_COLLECTION = 100
PROGRAMS_KEPT = 256


class Connection:
    """Frames: a u32, the length, then the payload."""

    _LENGTH = struct.Struct("<I")

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)

    def send(self, *parts):
        self._socket.sendall(b"".join((self._LENGTH.pack(sum(map(len, parts))), *parts)))

    def send_json(self, value):
        self.send(json.dumps(value).encode())

    def ask(self, frame, size):
        """Sends a frame, its length included. Gives back the one that answers it, of `size` bytes and its length; None as below."""
        self._socket.sendall(frame)
        answer = self._socket.recv(4 + size)  # it comes whole, but for a command that writes it in parts
        while 0 < len(answer) < 4 + size:
            part = self._socket.recv(4 + size - len(answer))
            if not part:
                return None
            answer += part
        return answer or None

    def receive(self):
        """The next frame, or None where the command has closed the socket."""
        head = self._read(4)
        return head and self._read(*self._LENGTH.unpack(head))

    def _read(self, size):
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                return None
            data += part
        return data


class Closed(BaseException):
    """The command does not answer any more."""


class PatchError(Exception):
    """A patch cannot be used."""


_QUESTION, _ANSWER = struct.Struct("<IcBBIIQIII"), struct.Struct("<II")
_NUMBERS = {kind: number for number, kind in enumerate(choices.KINDS)}


class Asked(choices.Choices):
    """Choices that the command makes. `asked` is the set of their kinds, a bit each; `answers` those that it knows already, the seven
    values of a question and its answer each."""

    def __init__(self, connection, asked, injections, answers):
        super().__init__(kind for number, kind in enumerate(choices.KINDS) if asked >> number & 1)
        if self.asks("inject"):
            self.injections = injections
        self._connection = connection
        self._known = {known[:-1]: known[-1] for known in zip(*[iter(answers)] * 8)}

    def choose(self, kind, count, set=0, owner=0, binding=0, at=0, nth=0, position=0):
        asked_for = (_NUMBERS[kind], set, owner, binding, at, nth, position)
        known = self._known.get(asked_for)
        if known is not None:
            return known if known < count else count - 1
        answered = self._connection.ask(_QUESTION.pack(_QUESTION.size - 4, b"Q", *asked_for, count), 4)
        if answered is None:
            raise Closed
        return _ANSWER.unpack(answered)[1]


class Worker:
    def __init__(self, connection):
        self._connection = connection
        self._runs = 0
        self._left = []  # what could not be discarded

    def set_up(self, patches):
        """Imports the patches, and puts the instrumentation on top. Gives back what they hash to."""
        hashes = [self._patch(path) for path in patches]
        from anyio._backends._asyncio import CancelScope

        from cancelsim import hooks
        from cancelsim.events import watch

        self._hooks = hooks.install(CancelScope._deliver_cancellation)
        watch.install()
        warnings.simplefilter("ignore")  # of coroutines that were never awaited, for one
        gc.collect()
        gc.freeze()
        gc.disable()
        return hashes

    @staticmethod
    def _patch(path):
        try:
            with open(path, "rb") as file:
                text = file.read()
        except OSError as error:
            raise PatchError(f"{path}: {error.strerror}") from error
        sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
        name = os.path.basename(path)
        try:
            runpy.run_path(path, run_name=os.path.splitext(name)[0])
        except BaseException as error:
            raise PatchError(where(error, path)) from error
        return hashlib.sha256(text).hexdigest()

    def answer(self, asked, program):
        """Runs the program as it is asked for, and says what happened."""
        from cancelsim.case import CaseError

        choices = Asked(self._connection, asked["asked"], asked["injections"], asked.get("answers", ()))
        answer = {"verdict": "quiescent", "strings": [], "trace": None, "refused": None, "fault": None}
        stream = b""
        try:
            run = self._run_of(_program_of(program), asked, choices)
            answer["verdict"] = run.run()
            answer.update(run.facts())
            if run.emitter is not None:
                stream = run.emitter.stream()
                answer["strings"] = run.emitter.strings
                answer["fault"] = run.emitter.errors.fault
            self._left += run.discard()
        except CaseError as error:
            answer["refused"] = {"what": str(error), "file": None, "line": None}
        except Exception as error:
            answer["fault"] = where(error)
        facts = json.dumps(answer).encode()
        self._connection.send(b"R", struct.pack("<I", len(facts)), facts, stream)
        self._runs += 1
        if self._runs % RUNS_PER_COLLECTION == 0:
            gc.collect()

    def _run_of(self, program, asked, choices):
        from cancelsim import hooks
        from cancelsim.events import watch
        from cancelsim.run import Run

        emitter_of = watch.watched if asked["events"] else None
        if isinstance(program, dict):
            from cancelsim.programs.run import run_of

            return run_of(program, self._hooks, asked["order"], choices, emitter_of)
        a_case, names = program
        hooks.run = Run(a_case, self._hooks, asked["order"], choices, emitter_of, asked["trace"], names)
        return hooks.run


@functools.lru_cache(PROGRAMS_KEPT)
def _program_of(line):
    """A case and its names, or where a program of somebody's own is."""
    from cancelsim import program

    sent = json.loads(line)
    return sent["program"] if "program" in sent else (program.of_case(sent["case"]), sent["names"])


def where(error, path=None):
    """The exception in one line, with where it was raised: in the file at `path`, if it came through that."""
    frames = traceback.extract_tb(error.__traceback__)
    if path is not None:
        frames = [frame for frame in frames if frame.filename == path] or frames
    file, line = (frames[-1].filename, frames[-1].lineno) if frames else ("", 0)
    if isinstance(error, SyntaxError) and error.filename is not None:
        file, line, error = error.filename, error.lineno, f"SyntaxError: {error.msg}"
    else:
        error = f"{type(error).__name__}: {error}"
    return " ".join(f"{os.path.basename(file)} line {line}: {error}".split())


def main(descriptor):
    connection = Connection(descriptor)
    try:
        releases.check()
    except releases.ReleaseError as error:
        connection.send_json({"failed": " ".join(str(error).split())})
        return
    libraries = {"python": platform.python_version(), "anyio": releases.anyio_version()}
    connection.send_json({"hello": 1, **libraries, "events": events.EVENTS})
    try:
        _serve(connection)
    except Closed:
        pass
    os._exit(0)  # no clean-up of the interpreter: it would run what is left of coroutines


def _serve(connection):
    worker = Worker(connection)
    while (request := connection.receive()) is not None:
        head, _, program = request.partition(b"\n")
        ((what, asked),) = json.loads(head).items()
        if what == "setup":
            try:
                connection.send_json({"ready": True, "patches": worker.set_up(asked["patches"])})
            except PatchError as error:
                connection.send_json({"failed": str(error)})
        else:
            worker.answer(asked, program)
