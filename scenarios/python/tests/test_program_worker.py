"""Programs in plain Python in a worker, which is talked with as the command does (PROTOCOL.md)."""
import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest
from array import array

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE))

from cancelsim import releases  # noqa: E402

try:
    releases.check()
except releases.ReleaseError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)

from cancelsim.choices import KINDS  # noqa: E402
from cancelsim.events import BY, ERROR, LABEL, LISTS, SITE, TIME  # noqa: E402

FACTS = {TIME: ("Time", ["now"]), LABEL: ("Label", "what id name binding".split()), SITE: ("Site", ["task", "site"])}


class Worker:
    def __init__(self):
        self.socket, its = socket.socketpair()
        call = f"import sys; sys.path.insert(0, {str(PACKAGE)!r}); from cancelsim.worker import main; main({its.fileno()})"
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen([sys.executable, "-B", "-c", call], pass_fds=[its.fileno()], env=environment)
        its.close()
        self.hello = json.loads(self.receive())
        self.send(json.dumps({"setup": {"patches": []}}).encode())
        self.ready = json.loads(self.receive())

    def close(self):
        self.socket.close()
        return self.process.wait(10)

    def send(self, payload):
        self.socket.sendall(struct.pack("<I", len(payload)) + payload)

    def receive(self):
        (size,) = struct.unpack("<I", self.read(4))
        return self.read(size)

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError("the worker has ended")
            data += part
        return data

    def run(self, path, asked=(), injections=0, answer=lambda kind, **question: 0):
        """The bytes of the answer. `answer` is asked what the worker asks."""
        request = {
            "program": {"file": str(path), "function": "main"},
            "asked": sum(1 << KINDS.index(kind) for kind in asked),
            "injections": injections,
            "order": "insertion",
            "trace": False,
            "events": True,
        }
        self.send(json.dumps({"run": request}).encode())
        while (frame := self.receive())[:1] == b"Q":
            kind, set_, owner, binding, at, nth, position, count = struct.unpack("<BBIIQIII", frame[1:])
            self.send(struct.pack("<I", answer(KINDS[kind], at=at, position=position, count=count)))
        assert frame[:1] == b"R"
        return frame


def read(frame, table):
    """The facts of an answer, and its records: lists of a name and the values by theirs."""
    (size,) = struct.unpack_from("<I", frame, 1)
    stream = iter(array("q", frame[5 + size :]))
    records = []
    for number in stream:
        if number == ERROR:
            error = [next(stream) for _ in range(6)]
            records.append(["Error", dict(zip("id kind message name context".split(), error))])
            records[-1][1]["children"] = [next(stream) for _ in range(error[-1])]
            continue
        name, fields = FACTS[number] if number in FACTS else table[number]
        values = {field: [next(stream) for _ in range(next(stream))] if field in LISTS else next(stream) for field in fields}
        records.append([name, values])
    return json.loads(frame[5 : 5 + size]), records


PROGRAM = """
    import anyio
    async def child():
        await anyio.sleep(3)
    async def main():
        with anyio.move_on_after(0.5):
            async with anyio.create_task_group() as group:
                group.start_soon(child)
                await anyio.sleep_forever()
        await anyio.sleep(0.25)
    """


class ProgramsInAWorker(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, "program.py")
        self.worker = Worker()
        self.addCleanup(self.worker.close)

    def run_of(self, text, **options):
        self.path.write_text(textwrap.dedent(text), encoding="utf-8")
        return read(self.worker.run(self.path, **options), self.worker.hello["events"])

    def lines_of(self, facts, records, name):
        """The line where the task is that the event is of, before each event of that name."""
        at, lines = {}, []
        for record, values in records:
            if record == "Site":
                at[values["task"]] = facts["sites"][values["site"]][1]
            elif record == name:
                lines.append((values["task"], at.get(values["task"])))
        return lines

    def test_a_run_has_events_sites_and_coverage(self):
        self.assertEqual((self.worker.hello["hello"], self.worker.ready), (1, {"ready": True, "patches": []}))
        facts, records = self.run_of(PROGRAM)
        expected = {"verdict": "quiescent", "refused": None, "fault": None, "trace": None}
        self.assertEqual({name: facts[name] for name in expected}, expected)
        names = [name for name, _ in records]
        self.assertLess(names.index("BodyBegan"), names.index("TaskSpawned"))
        self.assertEqual(records[names.index("BodyEnded")][1], {"task": 0, "error": -1})
        self.assertEqual((names.count("BodyBegan"), names.count("TaskCreated"), names.count("TaskDone")), (1, 1, 2))
        deadlines = [values["deadline"] for name, values in records if name == "ScopeEntered"]
        self.assertEqual(deadlines[0], 500_000_000)
        self.assertEqual([values["now"] for name, values in records if name == "Time"], [500_000_000, 750_000_000])
        self.assertEqual(names.count("DeadlineReached"), 1)
        parked = self.lines_of(facts, records, "TaskParked")
        self.assertEqual(parked[0], (0, 9))
        self.assertEqual(parked[-1], (0, 10))
        self.assertIn((1, 4), parked)
        self.assertEqual(set(self.lines_of(facts, records, "CancelRequested")), {(0, 9), (0, 7), (1, 4)})
        self.assertIn([str(self.path), 4, "child", "await anyio.sleep(3)"], facts["sites"])
        coverage = facts["coverage"]
        self.assertEqual(coverage["interrupted"], [[4, "child"], [7, "main"], [9, "main"]])
        self.assertIn([10, "main"], coverage["parked"])

    def test_the_same_answers_give_the_same_bytes_here_and_in_another_worker(self):
        self.path.write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
        options = {"asked": KINDS[:4] + ("inject",), "injections": 1}
        answers = {"elapse": 0, "inject": 1}
        options["answer"] = lambda kind, at, position, count: answers.get(kind, count - 1) if position or at == 3 else 0
        first = self.worker.run(self.path, **options)
        other = Worker()
        self.addCleanup(other.close)
        self.assertEqual([self.worker.run(self.path, **options), other.run(self.path, **options)], [first, first])
        _, records = read(first, self.worker.hello["events"])
        self.assertIn(BY["outside"], [values["by.kind"] for name, values in records if "Cancel" in name])

    def test_nothing_is_told_of_what_runs_after_the_end(self):
        text = """
            import asyncio, anyio
            async def child():
                try:
                    await asyncio.sleep(5)
                finally:
                    with anyio.CancelScope():
                        pass
            async def main():
                asyncio.create_task(child())
                await asyncio.sleep(0)
            """
        facts, records = self.run_of(text)
        self.assertIsNone(facts["fault"])
        self.assertEqual([values["task"] for name, values in records if name == "TaskDone"], [0])
        self.assertNotIn("ScopeEntered", [name for name, _ in records])

    def test_what_is_refused_has_its_line_and_the_worker_goes_on(self):
        facts, _ = self.run_of("import socket\nasync def main():\n    socket.socket()\n")
        self.assertEqual(facts["refused"], {"what": "sockets", "file": str(self.path), "line": 3})
        facts, _ = self.run_of("x = = 1\n")
        self.assertIn(":1: ", facts["refused"]["what"])
        facts, records = self.run_of("import anyio\nasync def main():\n    await anyio.sleep(1)\n")
        self.assertEqual((facts["refused"], facts["fault"], facts["verdict"]), (None, None, "quiescent"))
        self.assertEqual(self.lines_of(facts, records, "TaskParked"), [(0, 3)])

    def test_a_worker_ends_where_the_command_does(self):
        self.assertEqual(self.worker.close(), 0)


if __name__ == "__main__":
    unittest.main()
