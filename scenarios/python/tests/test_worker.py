"""The worker on the anyio that is imported here. The environment variable CANCELSIM names the simulator."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from worker_process import PACKAGE, WorkerProcess

sys.path.insert(0, str(PACKAGE))

from cancelsim import releases  # noqa: E402

try:
    FAMILY = releases.check()
except releases.ReleaseError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)

from cancelsim.events.lines import event_lines  # noqa: E402
from cancelsim.events import EVENTS  # noqa: E402

BINARY = os.environ.get("CANCELSIM")
RELEASE = {"4.13": "4.13.0", "4.14": "4.14.2", "4.15": "4.15.1"}[FAMILY]
SET_ORDER, TIMER_ORDER, ARRIVAL, ELAPSE, INJECT = 0, 1, 2, 3, 5

SLEEPER = {"op": "sleep", "for": 5}
TWO_TASKS = {
    "name": "two",
    "main": [
        {
            "op": "group",
            "name": "g",
            "body": [{"op": "spawn", "group": "g", "task": task, "body": [SLEEPER]} for task in ("a", "b")] + [{"op": "sleep", "for": 1}, {"op": "cancel", "scope": "g"}],
        }
    ],
}


def kinds(stream, strings):
    return [json.loads(line)[0] for line in event_lines(stream, strings)]


def policy_patch(folder, policy):
    path = pathlib.Path(folder, "mine.py")
    path.write_text(
        "from anyio._backends._asyncio import CancelScope\nfrom cancelsim.policies import find\n"
        f"CancelScope._deliver_cancellation = find({policy!r})\n"
    )
    return path


class Talking(unittest.TestCase):
    def test_it_says_which_libraries_it_has_and_which_events(self):
        with WorkerProcess() as worker:
            self.assertEqual(worker.hello["hello"], 1)
            self.assertEqual(worker.hello["anyio"], releases.anyio_version())
            self.assertEqual(worker.hello["events"], [list(event) for event in EVENTS])
            self.assertEqual(worker.ready, {"ready": True, "patches": []})

    def test_it_ends_when_the_socket_is_closed(self):
        worker = WorkerProcess()
        worker.run(TWO_TASKS)
        self.assertEqual(worker.close(), ("", 0))

    def test_equal_runs_give_equal_answers_in_one_process_and_in_another(self):
        with WorkerProcess() as one, WorkerProcess() as other:
            first = one.run(TWO_TASKS)
            self.assertGreater(len(first[1]), 100)
            for _ in range(3):
                self.assertEqual(one.run(TWO_TASKS), first)
            self.assertEqual(other.run(TWO_TASKS), first)

    def test_what_is_not_wanted_is_not_told(self):
        with WorkerProcess() as worker:
            facts, stream = worker.run(TWO_TASKS, trace=False, events=False)
            self.assertEqual((facts["trace"], stream, facts["verdict"]), (None, (), "quiescent"))

    def test_what_is_printed_disturbs_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "loud.py")
            path.write_text("import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nos.write(1, b'raw\\n')\n")
            worker = WorkerProcess([path])
            facts, _ = worker.run(TWO_TASKS)
            self.assertEqual(facts["verdict"], "quiescent")
            printed, _ = worker.close()
            self.assertEqual(sorted(printed.split()), ["err", "out", "raw"])

    def test_a_case_that_python_cannot_run_is_refused(self):
        body = []
        for number in range(30):
            body = [{"op": "scope", "name": f"s{number}", "body": body}]
        with WorkerProcess() as worker:
            facts, stream = worker.run({"name": "deep", "main": body})
            self.assertIn("nest too deep", facts["refused"]["what"])
            self.assertEqual(stream, ())
            self.assertIsNone(worker.run(TWO_TASKS)[0]["refused"])

    def test_unfinished_runs_leave_nothing_behind(self):
        swallow = {"op": "try", "catch": "all", "body": [{"op": "future_wait", "future": "f"}], "finally": [{"op": "future_wait", "future": "f"}]}
        stuck = {"name": "stuck", "main": [{"op": "group", "name": "g", "body": [swallow, {"op": "event_wait", "event": "e"}]}]}
        with WorkerProcess() as worker:
            first = worker.run(stuck)
            before = None
            for number in range(600):
                self.assertEqual(worker.run(stuck), first)
                if number == 200:
                    before = memory_of(worker.process.pid)
            self.assertLess(memory_of(worker.process.pid) - before, 1000)


def memory_of(process):
    """In kilobytes."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])


class Failing(unittest.TestCase):
    def failure_of(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "mine.py")
            path.write_text(text)
            with WorkerProcess([path]) as worker:
                return worker.ready["failed"]

    def test_a_broken_patch_is_named_with_its_line(self):
        self.assertEqual(self.failure_of("import os\n\nos.nothing()\n"), "mine.py line 3: AttributeError: module 'os' has no attribute 'nothing'")
        self.assertRegex(self.failure_of("x = 1\nx x\n"), r"^mine.py line 2: SyntaxError: ")
        self.assertEqual(self.failure_of("import sys\nsys.exit(3)\n"), "mine.py line 2: SystemExit: 3")

    def test_a_patch_that_is_not_there_is_named(self):
        with WorkerProcess(["/nowhere/mine.py"]) as worker:
            self.assertEqual(worker.ready["failed"], "/nowhere/mine.py: No such file or directory")

    def test_a_fault_of_the_instrumentation_is_told_and_the_next_run_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "mine.py")
            path.write_text("import cancelsim.events.emitter\ndel cancelsim.events.emitter.Emitter._when\n")
            with WorkerProcess([path]) as worker:
                facts, _ = worker.run(TWO_TASKS)
                self.assertRegex(facts["fault"], r"^emitter.py line \d+: AttributeError: ")
                self.assertIsNone(worker.run({"name": "c", "main": [SLEEPER]})[0]["fault"])


class Choosing(unittest.TestCase):
    def test_only_what_is_asked_for_is_asked(self):
        with WorkerProcess() as worker:
            worker.run(TWO_TASKS)
            self.assertEqual(worker.questions, [])
            worker.run(TWO_TASKS, asked=1 << TIMER_ORDER | 1 << ELAPSE, injections=1)
            self.assertLessEqual({question[0] for question in worker.questions}, {TIMER_ORDER, ELAPSE})
            self.assertIn(ELAPSE, {question[0] for question in worker.questions})

    def test_questions_have_the_models_names(self):
        case = {
            "name": "c",
            "main": [{"op": "group", "name": "g", "body": TWO_TASKS["main"][0]["body"]}],
            "environment": [{"at_iteration": 2, "do": [{"op": "note", "text": "x"}]}],
        }
        with WorkerProcess() as worker:
            worker.run(case, asked=0x2F, injections=1, names=["x", "g", "a", "b"])
            asked = worker.questions
        # kind, set, owner, binding, at, nth, position
        self.assertIn((SET_ORDER, 1 if FAMILY != "4.13" else 0, 2, 1, 0, 0, 0), asked)
        self.assertIn((ARRIVAL, 0, 0, 0, 0, 0, 0), asked)
        self.assertIn((INJECT, 0, 0, 0, 1, 0, 0), asked)
        self.assertEqual(len(asked), len(set(asked)), "no two questions of a run have one name")

    def test_an_injected_cancellation_comes_from_outside(self):
        with WorkerProcess() as worker:
            worker.answer = lambda question, count: question[0] == INJECT and question[4] == 3
            facts, stream = worker.run(TWO_TASKS, asked=1 << INJECT, injections=1, names=["g", "a", "b"])
            cancels = [line for line in event_lines(stream, facts["strings"]) if '"by.kind":"outside"' in line]
        self.assertEqual(cancels, ['["CancelRequested",{"task":0,' + cancels[0].split('"task":0,', 1)[1]])
        self.assertEqual({question[0] for question in worker.questions}, {INJECT})


@unittest.skipUnless(BINARY, "CANCELSIM does not name the simulator")
class AsTheModel(unittest.TestCase):
    def events_of_the_model(self, case, *options):
        with tempfile.NamedTemporaryFile("w", suffix=".cases.jsonl") as file:
            file.write(json.dumps(case) + "\n")
            file.flush()
            options = ["--kernel", RELEASE, "--python", releases.PYTHON, *options]
            lines = subprocess.run([BINARY, "trace", "--events", *options, file.name], capture_output=True, text=True, check=True).stdout
        return lines.splitlines()[1:]

    def test_random_cases_have_the_same_events(self):
        for profile in ("blocks", "misuse", "start", "objects", "native"):
            with self.subTest(profile):
                options = ["--cancelsim", BINARY, "--anyio", RELEASE, "--cases", "40", "--events", "--profile", profile]
                environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])])}
                command = [sys.executable, "-B", "-m", "cancelsim", "differential", *options]
                result = subprocess.run(command, capture_output=True, text=True, env=environment)
                self.assertIn("40 cases, 0 differences", result.stdout[-2000:] + result.stderr)

    def test_a_patch_runs_as_its_policy_in_the_model(self):
        with tempfile.TemporaryDirectory() as folder:
            for policy in ("edge", "narrow", "v3"):
                with self.subTest(policy), WorkerProcess([policy_patch(folder, policy)]) as worker:
                    self.assertEqual(len(worker.ready["patches"][0]), 64)
                    facts, stream = worker.run(TWO_TASKS, names=["g", "a", "b"])
                    self.assertEqual(event_lines(stream, facts["strings"]), self.events_of_the_model(TWO_TASKS, "--policy", policy))


if __name__ == "__main__":
    unittest.main()
