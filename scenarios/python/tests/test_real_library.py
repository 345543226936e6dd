"""The package on the anyio that is imported here. The environment variable CANCELSIM names the simulator."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE))

from cancelsim import releases  # noqa: E402

try:
    FAMILY = releases.check()
except releases.ReleaseError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)

from cancelsim import notation, recorder  # noqa: E402

BINARY = os.environ.get("CANCELSIM")
RELEASES = {"4.13": "4.13.0", "4.14": "4.14.2", "4.15": "4.15.1"}
NAMED = PACKAGE.parent / "recorded" / "named"


def command(*arguments):
    search_path = os.pathsep.join(filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": search_path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=environment)


def named_cases():
    for path in sorted(NAMED.glob("*.cases.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


class Notation(unittest.TestCase):
    def test_a_text_of_any_characters_survives_as_a_literal(self):
        for text in ("", "it's \"so\"", "back\\slash\n\t\0\x7f", "\u00e4\u20ac\U0001f600\ud800", "{x}%s$"):
            literal = notation.literal(text)
            self.assertEqual(eval(literal), text)
            self.assertTrue(literal.isascii() and literal.isprintable())

    def test_a_name_that_is_no_attribute_is_an_item(self):
        self.assertEqual(notation.Writer.of("n", "s0"), "n.s0")
        for name in ("x-y", "0", "class", "_private", "now", "lock", "tasks"):
            self.assertEqual(notation.Writer.of("n", name), f'n["{name}"]')

    def test_blocks_nest_as_deep_as_python_lets_them(self):
        body = []
        for number in range(30):
            body = [{"op": "scope", "name": f"s{number}", "body": body}]
        line = RECORDER.trace_line({"name": "deep", "main": body})
        self.assertIn("nest too deep", str(line))


class Recording(unittest.TestCase):
    def test_a_case_and_its_program_have_the_same_trace(self):
        for case in named_cases():
            from_program, from_case = RECORDER.trace_lines([notation.write(case), case])
            self.assertEqual(from_program, from_case)

    def test_a_run_ends_after_a_million_statements_whatever_its_handlers_do(self):
        loop = {"op": "repeat", "times": 10**12, "body": [{"op": "repeat", "times": 10**12, "body": []}]}
        case = {"name": "c", "main": [{"op": "try", "body": [loop], "catch": "all", "finally": [{"op": "note", "text": "x"}]}]}
        (line,) = RECORDER.trace_lines([case])
        kinds = [event[2] for event in json.loads(line)["trace"]]
        self.assertEqual(kinds, ["task_start", "end"])
        self.assertEqual(json.loads(line)["trace"][-1][3]["verdict"], "runaway")

    def test_a_program_runs_as_it_is(self):
        case = {
            "name": "c",
            "main": [
                {"op": "start", "group": "nowhere", "task": "t-0", "body": []},
                {"op": "wait_for", "task": "unborn", "delay": 1},
                {"op": "gather", "tasks": ["unborn"]},
                {"op": "clone_send", "object": "unborn", "as": "k"},
                {"op": "sleep", "for": 3},
                {"op": "note", "text": "done"},
            ],
            "environment": [{"at": 1, "do": [{"op": "note", "text": "outside"}]}],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "program.py")
            path.write_text(notation.write(case), encoding="utf-8")
            result = command(str(path))
        self.assertEqual((result.stdout, result.returncode), ("outside\ndone\n", 0), result.stderr)


@unittest.skipUnless(BINARY, "CANCELSIM does not name the simulator")
class Differential(unittest.TestCase):
    def test_the_simulator_and_the_library_give_the_same_traces(self):
        options = ["--cancelsim", BINARY, "--anyio", RELEASES[FAMILY], "--cases", "200"]
        result = command("-m", "cancelsim", "differential", *options)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("200 cases, 0 differences", result.stdout)

    def test_a_release_that_is_not_imported_is_refused(self):
        other = next(release for family, release in RELEASES.items() if family != FAMILY)
        result = command("-m", "cancelsim", "differential", "--cancelsim", BINARY, "--anyio", other)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(len(result.stderr.splitlines()), 1)

    def test_an_exported_failure_is_shown(self):
        failure = PACKAGE.parents[1] / "properties" / "failure" / "regressions" / "zombie.json"
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "show.py")
            exported = subprocess.run([BINARY, "export", failure, "--python", "--output", path])
            self.assertEqual(exported.returncode, 0)
            result = subprocess.run([sys.executable, path], capture_output=True, text=True)
        # 4.13.0 delivers to finished tasks for ever; later releases do not.
        self.assertEqual(result.returncode, 1 if FAMILY == "4.13" else 0, result.stdout + result.stderr)


RECORDER = recorder.Recorder()

if __name__ == "__main__":
    unittest.main()
