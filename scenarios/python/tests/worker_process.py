"""A worker that a test talks with, as the command does: scenarios/python/PROTOCOL.md."""
import json
import pathlib
import socket
import struct
import subprocess
import sys

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def facts_and_stream(answer):
    (size,) = struct.unpack("<I", answer[1:5])
    facts, stream = answer[5 : 5 + size], answer[5 + size :]
    return json.loads(facts), struct.unpack(f"<{len(stream) // 8}q", stream)


class WorkerProcess:
    """`with WorkerProcess(patches) as worker`. `questions` are those that were asked so far; `answer(question, count)` answers them."""

    def __init__(self, patches=()):
        self._socket, theirs = socket.socketpair()
        start = f"import sys; sys.path.insert(0, {str(PACKAGE)!r}); from cancelsim.worker import main; main({theirs.fileno()})"
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.process = subprocess.Popen([sys.executable, "-B", "-c", start], pass_fds=[theirs.fileno()], text=True, **options)
        theirs.close()
        self.questions = []
        self.answer = lambda question, count: 0
        self.hello = json.loads(self._receive())
        self._send({"setup": {"patches": list(map(str, patches))}})
        self.ready = json.loads(self._receive())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Gives back what the worker printed, and its exit code."""
        self._socket.close()
        printed, _ = self.process.communicate(timeout=20)
        return printed, self.process.returncode

    def run(self, case, asked=0, injections=0, **others):
        """Gives back the facts of the answer and the numbers of its stream of events."""
        return facts_and_stream(self.answer_of(asked, injections, case=case, **others))

    def answer_of(self, asked=0, injections=0, **others):
        """The answer of a run, as it came. `others` are, or have among them, `case` or `program`."""
        options = {"asked": asked, "injections": injections, "order": "insertion", "trace": True, "events": True}
        options.update((name, others.pop(name)) for name in list(others) if name in (*options, "answers"))
        self._send_bytes(b"\n".join(json.dumps(part).encode() for part in ({"run": options}, {"names": [], **others})))
        while (payload := self._receive())[:1] == b"Q":
            *question, count = struct.unpack("<BBIIQIII", payload[1:])
            self.questions.append(tuple(question))
            self._send_bytes(struct.pack("<I", self.answer(tuple(question), count)))
        return payload

    def _send(self, value):
        self._send_bytes(json.dumps(value).encode())

    def _send_bytes(self, payload):
        self._socket.sendall(struct.pack("<I", len(payload)) + payload)

    def _receive(self):
        return self._read(*struct.unpack("<I", self._read(4)))

    def _read(self, size):
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            if not part:
                raise EOFError("the worker has ended")
            data += part
        return data
