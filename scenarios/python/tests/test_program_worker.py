"""Programs in plain Python in a worker, which is talked with as the command does (PROTOCOL.md)."""
import pathlib
import sys
import tempfile
import textwrap
import unittest

from worker_process import PACKAGE, WorkerProcess, facts_and_stream

sys.path.insert(0, str(PACKAGE))

from cancelsim import releases  # noqa: E402

try:
    releases.check()
except releases.ReleaseError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)

from cancelsim.choices import KINDS  # noqa: E402
from cancelsim.events import BY, ERROR, EVENTS, ITERATION, LABEL, LISTS, SITE, TIME  # noqa: E402

SET_ORDER, INJECT = KINDS.index("set_order"), KINDS.index("inject")
FACTS = {
    TIME: ("Time", ["now"]),
    LABEL: ("Label", "what id name binding".split()),
    SITE: ("Site", ["task", "site"]),
    ITERATION: ("Iteration", ["number"]),
}


def records_of(stream):
    """Pairs: the name of an event or of a fact, and the values by their names."""
    stream = iter(stream)
    records = []
    for number in stream:
        if number == ERROR:
            error = [next(stream) for _ in range(6)]
            records.append(["Error", dict(zip("id kind message name context".split(), error))])
            records[-1][1]["children"] = [next(stream) for _ in range(error[-1])]
            continue
        name, fields = FACTS[number] if number in FACTS else EVENTS[number]
        values = {field: [next(stream) for _ in range(next(stream))] if field in LISTS else next(stream) for field in fields}
        records.append([name, values])
    return records


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
        self.worker = self.made_worker()

    def made_worker(self):
        worker = WorkerProcess()
        self.addCleanup(worker.close)
        return worker

    def answer_of(self, worker, **options):
        return worker.answer_of(program={"file": str(self.path), "function": "main"}, trace=False, **options)

    def run_of(self, text):
        self.path.write_text(textwrap.dedent(text), encoding="utf-8")
        facts, stream = facts_and_stream(self.answer_of(self.worker))
        return facts, records_of(stream)

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
        first, again, other = (self.chosen_answer_of(worker) for worker in (self.worker, self.worker, self.made_worker()))
        self.assertEqual([again, other], [first, first])
        records = records_of(facts_and_stream(first)[1])
        self.assertIn(BY["outside"], [values["by.kind"] for name, values in records if "Cancel" in name])

    def chosen_answer_of(self, worker):
        """Of a run in whose third iteration something is cancelled from outside, and sets have their last orders."""

        def answer(question, count):
            kind, _, _, _, at, _, position = question
            return count - 1 if kind == SET_ORDER or (kind == INJECT and (at == 3 or position)) else 0

        worker.answer = answer
        return self.answer_of(worker, asked=1 << SET_ORDER | 1 << INJECT, injections=1)

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
        self.path.write_text(textwrap.dedent(PROGRAM), encoding="utf-8")
        worker = WorkerProcess()
        self.answer_of(worker)
        self.assertEqual(worker.close(), ("", 0))

    def swallowed_in(self, text):
        """The lines where tasks are when they go on without a cancellation."""
        facts, records = self.run_of(text)
        return self.lines_of(facts, records, "Caught")

    def test_swallowed_cancellations(self):
        """Told where the task gives way next; not of one that is being handled, nor of what a scope or a timeout has answered."""
        text = """
            import asyncio
            import anyio
            async def worker(swallows):
                try:
                    await asyncio.sleep(1)
                except asyncio.CancelledError:
                    await asyncio.sleep(2)
                    if not swallows:
                        raise
                await asyncio.sleep(3)
            async def main():
                with anyio.move_on_after(1):
                    await anyio.sleep(4)
                try:
                    async with asyncio.timeout(1):
                        await asyncio.sleep(5)
                except TimeoutError:
                    await asyncio.sleep(6)
                for swallows in False, True:
                    task = asyncio.create_task(worker(swallows))
                    await asyncio.sleep(0.5)
                    task.cancel()
                    try:
                        await task
                    except asyncio.CancelledError:
                        await asyncio.sleep(0.5)
            """
        self.assertEqual(self.swallowed_in(text), [(2, 11)])

    def test_swallowed_at_the_end(self):
        text = """
            import asyncio
            async def worker():
                try:
                    await asyncio.sleep(1)
                except asyncio.CancelledError:
                    pass
            async def main():
                task = asyncio.create_task(worker())
                await asyncio.sleep(0.5)
                task.cancel()
                await task
            """
        self.assertEqual(self.swallowed_in(text), [(1, 5)])

    def test_a_scope_whose_enterer_has_ended_says_so_when_it_cancels(self):
        """Not while the frame is there, nor for a generator, which may be resumed."""
        text = """
            import anyio
            async def enter():
                group = anyio.create_task_group()
                await group.__aenter__()
                return group
            async def scopes():
                with anyio.CancelScope() as scope:
                    yield scope
            async def cancelled(scope):
                scope.cancel()
                try:
                    await anyio.sleep(1)
                finally:
                    return
            async def main():
                async for scope in scopes():
                    await cancelled(scope)
                with anyio.CancelScope() as scope:
                    await cancelled(scope)
                group = await enter()
                await cancelled(group.cancel_scope)
            """
        facts, records = self.run_of(text)
        ended = [values["scope"] for name, values in records if name == "EntererEnded"]
        self.assertEqual(ended, [max(values["scope"] for name, values in records if name == "ScopeEntered")])


if __name__ == "__main__":
    unittest.main()
