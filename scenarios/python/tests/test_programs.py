"""Programs in plain Python under choices that stand in for the command's."""
import json
import os
import pathlib
import random
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

from cancelsim import hooks, policies  # noqa: E402
from cancelsim.events import watch  # noqa: E402
from cancelsim.events.lines import event_lines  # noqa: E402
from cancelsim.case import CaseError  # noqa: E402
from cancelsim.programs.run import ProgramRun, install  # noqa: E402
from cancelsim.programs.source import load  # noqa: E402

KINDS = ("set_order", "timer_order", "arrival", "elapse", "inject")
install()
HOOKS = hooks.install(policies.find("upstream"))
watch.install()


class Ordinary:
    """Answers 0 to everything; `kinds` are asked."""

    injections = 0

    def __init__(self, kinds=()):
        self.kinds = kinds
        self.asked = []

    def asks(self, kind):
        return kind in self.kinds

    def answer(self, kind, count, name):
        return 0

    def choose(self, kind, count, **name):
        answer = self.answer(kind, count, name)
        self.asked.append((kind, count, sorted(name.items()), answer))
        return answer


class Seeded(Ordinary):
    def __init__(self, seed):
        super().__init__(KINDS)
        self.random = random.Random(seed)

    def answer(self, kind, count, name):
        if kind == "inject" and not name.get("position"):
            return int(self.random.randrange(8) == 0)
        return self.random.randrange(count)


class InjectAt(Ordinary):
    """One cancellation, of the last target there is, in that iteration."""

    def __init__(self, iteration):
        super().__init__(("inject",))
        self.iteration = iteration

    def answer(self, kind, count, name):
        return count - 1 if name["at"] == self.iteration else 0


def run(program, choices=None, injections=0, emitter_of=None):
    choices = choices or Ordinary()
    choices.injections = injections
    one = ProgramRun(program, HOOKS, choices=choices, emitter_of=emitter_of)
    one.run()
    one.told = (one.emitter.stream(), one.emitter.errors.fault) if emitter_of is not None else None
    one.discard()
    return one


def what_happened(one):
    """All that a run did, as text without addresses."""
    loop = one.loop
    done = [(task.get_name(), task.done(), task.cancelling()) for task in loop.tasks]
    ended = (one.verdict, repr(one.error), one.refused, one.broken, loop.iteration, loop.handles_run, loop.now)
    return json.dumps([ended, done, one.sites.table, one.sites.coverage(one.program), loop.choices.asked])


def without_sites(one):
    """The same without the table of sites: what is told of has more of them."""
    ended, done, _, *others = json.loads(what_happened(one))
    return ended, done, others


class Programs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def program(self, text, function="main", name="program"):
        path = self.folder / f"{name}.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load(str(path), function)

    def test_nothing_of_a_run_is_left_for_the_next(self):
        (self.folder / "state.py").write_text("seen = []\n")
        program = self.program(
            """
            import asyncio, contextvars, random, time, uuid, os, secrets
            import state
            here = []
            variable = contextvars.ContextVar("variable", default=0)
            async def main():
                here.append(1)
                state.seen.append(1)
                variable.set(variable.get() + 1)
                await asyncio.sleep(0.5)
                result = here, state.seen, variable.get(), random.random(), random.Random().random(), uuid.uuid4().hex
                raise ValueError(repr((*result, time.time(), time.monotonic(), os.urandom(2), secrets.token_hex(4))))
            """
        )
        first, second = run(program), run(program)
        self.assertIn("[1], [1], 1,", str(first.error))
        self.assertIn("1767225600.5, 1024.5", str(first.error))
        self.assertEqual(what_happened(first), what_happened(second))

    def test_a_context_variable_is_that_of_its_task(self):
        program = self.program(
            """
            import asyncio, contextvars
            variable = contextvars.ContextVar("variable", default="none")
            async def child(seen):
                seen.append(variable.get())
                variable.set("child's")
            async def main():
                variable.set("main's")
                seen = []
                asyncio.get_running_loop().call_later(1, lambda: seen.append(variable.get()))
                await asyncio.create_task(child(seen))
                await asyncio.sleep(2)
                assert seen == ["main's", "main's"] and variable.get() == "main's", seen
            """
        )
        self.assertIsNone(run(program).error)

    def test_deadlines_that_differ_by_less_than_a_nanosecond_come_together(self):
        program = self.program(
            """
            import anyio
            async def main():
                with anyio.move_on_after(0.1 + 0.2) as scope:
                    await anyio.sleep(0.1)
                    await anyio.sleep(5)
                assert scope.cancelled_caught and abs(anyio.current_time() - 1024.3) < 1e-9
            """
        )
        one = run(program)
        self.assertIsNone(one.error)
        self.assertLess(one.loop.iteration, 12)

    def test_threads_run_their_functions_when_the_choices_say(self):
        program = self.program(
            """
            import anyio, asyncio, threading, time
            from concurrent.futures import ThreadPoolExecutor
            async def main():
                loop_thread = threading.get_ident()
                def function(value):
                    assert threading.get_ident() != loop_thread
                    time.sleep(0.25)
                    return anyio.from_thread.run_sync(lambda: (threading.get_ident() == loop_thread, value))
                assert await anyio.to_thread.run_sync(function, 1) == (True, 1)
                assert await asyncio.to_thread(len, "ab") == 2
                loop = asyncio.get_running_loop()
                assert await loop.run_in_executor(None, len, "abc") == 3
                assert ThreadPoolExecutor().submit(len, "abcd").result() == 4
                with anyio.move_on_after(0.1) as scope:
                    await anyio.to_thread.run_sync(time.sleep, 9, abandon_on_cancel=True)
                assert scope.cancelled_caught
            """
        )
        self.assertIsNone(run(program).error)
        self.assertTrue(all(run(program, Seeded(seed)).error is None for seed in range(20)))

    def test_a_thread_may_be_faster_or_slower_than_what_the_loop_does_meanwhile(self):
        program = self.program(
            """
            import asyncio
            async def main():
                thread = asyncio.create_task(asyncio.to_thread(len, ""))
                steps = 0
                while not thread.done():
                    steps += 1
                    await asyncio.sleep(0 if steps < 50 else 1)
                raise SystemExit(steps)
            """
        )
        steps = {run(program, Seeded(seed)).error.code for seed in range(30)}
        self.assertGreater(len(steps), 10)
        self.assertLess(run(program).error.code, min(steps))

    def test_what_a_run_cannot_have_is_refused_with_its_line(self):
        for what, line in (
            ("sockets", "await asyncio.open_connection('localhost', 80)"),
            ("sockets", "import socket; socket.socket()"),
            ("subprocesses", "await asyncio.create_subprocess_exec('true')"),
            ("subprocesses", "import subprocess; subprocess.run(['true'])"),
            ("signals", "import signal; signal.signal(signal.SIGUSR1, print)"),
            ("signals", "asyncio.get_running_loop().add_signal_handler(10, print)"),
            ("files on the loop", "asyncio.get_running_loop().add_reader(0, print)"),
            ("tasks that the loop has not made (asyncio.Task)", "asyncio.Task(asyncio.sleep(1))"),
            ("threads of its own", "import threading; threading.Thread(target=print).start()"),
        ):
            with self.subTest(line):
                program = self.program(f"import asyncio\nasync def main():\n    await asyncio.sleep(1)\n    {line}\n")
                one = run(program)
                self.assertEqual(one.refused, {"what": what, "file": program.path, "line": 4})

    def test_a_module_that_runs_its_program_itself_is_loaded_as_far_as_that(self):
        for line in ("anyio.run(main)", "asyncio.run(main())", "with asyncio.Runner() as runner: runner.run(main())"):
            with self.subTest(line):
                program = self.program(
                    f"import anyio, asyncio\nasync def main():\n    await asyncio.sleep(1)\n    raise SystemExit(3)\n{line}\nmain = None\n"
                )
                one = run(program)
                self.assertEqual((one.refused, one.error.code), (None, 3))
        late = self.program("import asyncio\nasyncio.run(asyncio.sleep(1))\nasync def main():\n    pass\n")
        with self.assertRaisesRegex(CaseError, "no `main` before line 2, where the module makes an event loop"):
            run(late)
        again = self.program("import asyncio\nasync def main():\n    asyncio.new_event_loop()\n")
        self.assertEqual(run(again).refused["what"], "a second event loop")

    def events_of(self, text, name):
        """The events of that name of a run, as dictionaries; and the strings of its stream."""
        one = run(self.program(text), emitter_of=watch.watched)
        lines = [json.loads(line) for line in event_lines(array("q", one.told[0]), one.emitter.strings)]
        return [values for kind, values in lines if kind == name], one.emitter.strings

    def test_callbacks_of_a_program_are_its_own_and_not_the_outside_worlds(self):
        cancels, _ = self.events_of(
            """
            import asyncio
            import cancelsim
            async def main():
                loop, tasks = asyncio.get_running_loop(), [asyncio.create_task(asyncio.sleep(9)) for _ in range(3)]
                await asyncio.sleep(0)
                loop.call_later(0.5, tasks[0].cancel)
                loop.call_soon(tasks[1].cancel)
                cancelsim.outside(at=1.0)(tasks[2].cancel)
                await asyncio.sleep(2)
            """,
            "CancelRequested",
        )
        by = {cancel["task"]: (cancel["by.kind"], cancel["by.task"]) for cancel in cancels}
        self.assertEqual(by, {1: ("program", None), 2: ("program", None), 3: ("outside", None)})

    def test_no_addresses_in_the_texts_of_errors(self):
        _, strings = self.events_of(
            """
            async def main():
                raise LookupError(f"no {object()} at {id(main):#x}")
            """,
            "TaskDone",
        )
        self.assertEqual(strings, ["LookupError: no <object object at 0x...> at 0x..."])

    def test_objects_of_a_program_are_told_of(self):
        text = """
            import asyncio, anyio, math
            lock = anyio.Lock()
            async def main():
                async with lock:
                    pass
                send, receive = anyio.create_memory_object_stream(math.inf)
                async with send, receive:
                    item = object()
                    await send.send(item)
                    send.send_nowait(item)
                    send.clone().close()
                    assert await receive.receive() is receive.receive_nowait() is item
                async with anyio.CapacityLimiter(2):
                    pass
                condition = asyncio.Condition()
                async with condition:
                    try:
                        await asyncio.wait_for(condition.wait(), 1)
                    except TimeoutError:
                        pass
                async with asyncio.timeout(None) as timeout, asyncio.TaskGroup() as group:
                    timeout.reschedule(asyncio.get_running_loop().time() + 1.5)
                    group.create_task(asyncio.sleep(1))
            """
        made, _ = self.events_of(text, "ObjectMade")
        self.assertEqual([event["kind"] for event in made], ["lock", "stream", "limiter", "asyncio_condition"])
        self.assertEqual([event["amount"] for event in made], [0, "inf", 2, 0])
        calls, _ = self.events_of(text, "CallBegan")
        calls = [f"{event['object']} {event['call']}" for event in calls]
        of_stream = "send send_nowait clone_send close_send receive receive_nowait close_receive close_send"
        self.assertEqual(
            calls,
            ["0 acquire", "0 release", *(f"1 {call}" for call in of_stream.split()), "2 acquire", "2 release"]
            + ["3 acquire", "3 wait", "3 release"],
        )
        ended, _ = self.events_of(text, "CallEnded")
        self.assertEqual(len(ended), len(calls))
        self.assertEqual([event["item"] for event in self.events_of(text, "Offered")[0]], [1, 2])
        self.assertEqual([event["item"] for event in self.events_of(text, "Received")[0]], [1, 2])
        self.assertEqual([event["available"] for event in self.events_of(text, "ObjectAtRest")[0]], [1, 0, 2, 1])
        waits, _ = self.events_of(text, "WaitForBegan")
        self.assertEqual([event["delay"] for event in waits], [1_000_000_000])
        for name, count in {"TimeoutEntered": 1, "TimeoutRescheduled": 1, "TimeoutExitBegan": 1, "TimeoutBlockLeft": 1}.items():
            self.assertEqual(len(self.events_of(text, name)[0]), count, name)
        for how in ("Entered", "Took", "ExitBegan", "BlockLeft"):
            self.assertEqual(len(self.events_of(text, f"AsyncioGroup{how}")[0]), 1, how)

    def test_the_example_of_the_page_is_broken_as_it_says(self):
        text = (PACKAGE / "PROGRAMS.md").read_text().split("```python\n")[1].split("```")[0]
        mended = text.replace(
            "return await self.receiving.receive()",
            "return await anext(answer async for answer in self.receiving if answer.endswith(question))",
        )

        def broken(text):
            program = self.program(text)
            runs = [run(program, Seeded(seed), 0) for seed in range(200)]
            self.assertEqual({repr(one.error) for one in runs}, {"None"})
            return [one.broken for one in runs if one.broken is not None]

        self.assertNotEqual(broken(text), [])
        self.assertEqual(broken(mended), [])

    def test_what_a_program_calls_wrongly_is_its_own_fault(self):
        program = self.program(
            """
            import asyncio, anyio, math
            async def main():
                queue, lock, limiter = asyncio.Queue(math.inf), anyio.Lock(), anyio.CapacityLimiter(1)
                with anyio.move_on_after(1e15), anyio.move_on_after(0.1):
                    await asyncio.wait_for(asyncio.sleep(0), 1e300)
                    await asyncio.wait_for(asyncio.Semaphore(1e300).acquire(), math.inf)
                    await limiter.acquire_on_behalf_of(limiter)
                errors = []
                for call in queue.put_nowait, queue.put, lambda: limiter.acquire_on_behalf_of_nowait([]), lambda: lock.acquire(3):
                    try:
                        call()
                    except TypeError as error:
                        errors.append(error)
                assert len(errors) == 4
                try:
                    limiter.total_tokens = "many"
                except TypeError as error:
                    raise error
            """
        )
        one = run(program, emitter_of=watch.watched)
        self.assertIsInstance(one.error, TypeError)
        self.assertEqual(one.told[1], None)

    def test_words_of_the_outside_world(self):
        program = self.program(
            """
            import anyio, cancelsim
            log = []
            n = cancelsim.names()
            cancelsim.outside(at=1.5)(lambda: log.append(("at", anyio.current_time())))
            cancelsim.outside(at_iteration=1)(lambda: log.append("iteration"))
            @cancelsim.outside()
            def whenever():
                log.append("whenever")
                n.scope.cancel()
            async def main():
                with anyio.CancelScope() as n.scope:
                    await anyio.sleep(1)
                await anyio.sleep(2)
                assert "iteration" in log and ("at", 1025.5) in log and len(log) <= 3, log
                if "whenever" not in log:
                    raise SystemExit(-1)
                raise SystemExit(cancelsim.choose(7))
            """
        )
        codes = {run(program, Seeded(seed)).error.code for seed in range(40)}
        self.assertGreater(len(codes), 3)
        self.assertIn(-1, codes)
        self.assertEqual(run(program).error.code, 0)

    def test_promises_of_the_program(self):
        text = """
            import anyio, cancelsim
            async def main():
                items = []
                cancelsim.{}(lambda: len(items) < 2)
                items.append(1)
                await anyio.sleep(1)
                items.append(2)
                await anyio.sleep(1)
                items.clear()
            """
        broken = run(self.program(text.format("always"))).broken
        self.assertEqual((broken[0], broken[2]), ("always", 5))
        self.assertIsNone(run(self.program(text.format("at_rest"))).broken)

    def test_a_run_ends_with_main_though_tasks_are_left(self):
        program = self.program(
            """
            import asyncio
            async def child(delay):
                await asyncio.sleep(delay)
            async def main():
                main.children = [asyncio.create_task(child(delay)) for delay in (0, 5)]
                await asyncio.sleep(0)
            """
        )
        one = run(program)
        self.assertEqual((one.verdict, one.loop.now, one.left_alive), ("quiescent", 0, [one.loop.tasks[2]]))

    def test_interrupted_awaits_are_told_from_others(self):
        program = self.program(
            """
            import anyio
            async def main():
                await anyio.sleep(1)
                await anyio.sleep(1)
            """
        )
        self.assertEqual(run(program, InjectAt(3), injections=1).sites.coverage(program)["interrupted"], [[4, "main"]])
        coverage = run(program).sites.coverage(program)
        self.assertEqual((coverage["awaits"], coverage["interrupted"]), ([[4, "main"], [5, "main"]], []))
        self.assertEqual(coverage["parked"], coverage["awaits"])

    def test_an_injection_takes_the_programs_tasks_and_scopes_and_none_of_the_librarys(self):
        program = self.program(
            """
            import anyio
            async def main():
                async with anyio.create_task_group() as group:
                    group.start_soon(anyio.sleep, 1)
                    with anyio.move_on_after(1), anyio.CancelScope(), anyio.fail_after(2):
                        await anyio.lowlevel.cancel_shielded_checkpoint()
                        await anyio.sleep(0.5)
            """
        )
        choices = Ordinary(("inject",))
        choices.answer = lambda kind, count, name: int(name["at"] == 3 and not name.get("position"))
        run(program, choices, injections=1)
        self.assertIn(("inject", 4 + 2, [("at", 3), ("position", 1)], 0), choices.asked)

    def test_what_is_no_program_is_said_in_a_line(self):
        with self.assertRaisesRegex(CaseError, r"program.py:2: "):
            self.program("x = 1\nx = = 1\n")
        with self.assertRaisesRegex(CaseError, r"there is no `other`"):
            run(self.program("async def main(): pass", "other"))
        with self.assertRaisesRegex(CaseError, r"no `async def`"):
            run(self.program("def main(): pass"))

    def test_a_run_that_is_told_of_is_the_same_run(self):
        for path in PROPER:
            program = load(str(path))
            self.assertIsNone(run(program).error)
            for seed in range(60):
                unseen, seen, again = (run(program, Seeded(seed), 1, emitter_of) for emitter_of in (None, watch.watched, watch.watched))
                self.assertEqual(without_sites(seen), without_sites(unseen))
                self.assertEqual(seen.told, again.told)
                self.assertIsNone(seen.told[1])

    def test_the_same_answers_give_the_same_run_in_two_processes(self):
        script = self.folder / "twice.py"
        script.write_text(
            textwrap.dedent(
                f"""
                import hashlib, sys
                sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
                import test_programs as t
                program = t.load({str(PROPER[0])!r})
                runs = [t.what_happened(t.run(program, t.Seeded(seed), 1)) for seed in range(60)]
                print(hashlib.sha256("".join(runs).encode()).hexdigest())
                """
            )
        )
        environment = {**os.environ, "PYTHONHASHSEED": "0"}
        command = [sys.executable, "-B", str(script)]
        first, second = (subprocess.run(command, capture_output=True, text=True, env=environment) for _ in range(2))
        self.assertEqual((first.returncode, first.stdout), (0, second.stdout), first.stderr)


PROGRAMS = PACKAGE / "tests" / "programs"
PROPER = [PROGRAMS / "supervisor.py", PROGRAMS / "mixed.py"]

if __name__ == "__main__":
    unittest.main(warnings="ignore")  # a child may be cancelled before it has begun
