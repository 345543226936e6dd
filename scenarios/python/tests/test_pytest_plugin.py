"""The pytest plugin. The environment variable CANCELSIM names the command."""
import json
import os
import pathlib
import re
import stat
import subprocess
import sys
import tempfile
import textwrap
import unittest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
BINARY = os.environ.get("CANCELSIM")

try:
    import pytest  # noqa: F401
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(0)



def has_anyio():
    try:
        import anyio  # noqa: F401
    except ImportError:
        return False
    return True


FAILURE = {"verdict": "broken", "token": "csp1:token", "contract": "endless-wait"}
FOUND = {"failures": [], "schedules": 1234, "awaits": 3, "not_interrupted": [1]}


class WithPytest(unittest.TestCase):
    command = BINARY

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def pytest(self, text, *arguments):
        """Runs pytest on a file with that text. Gives back what it printed, and its exit code."""
        (self.folder / "test_it.py").write_text(textwrap.dedent(text))
        path = os.pathsep.join([str(PACKAGE), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": path, "CANCELSIM": str(self.command), "COLUMNS": "200"}
        plugin = ["-p", "cancelsim.pytest_plugin", "-p", "no:cacheprovider"]
        command = [sys.executable, "-B", "-m", "pytest", *plugin, "-q", *arguments, "test_it.py"]
        result = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment)
        return result.stdout + result.stderr, result.returncode


class BesideAStandIn(WithPytest):
    """Of the command: a script that says what it was asked, and answers as the test wants."""

    def setUp(self):
        super().setUp()
        self.command = self.folder / "cancelsim"
        self.answers(FOUND)

    def answers(self, found, code=0, stderr=""):
        self.command.write_text(
            f"#!{sys.executable}\nimport json, sys\n"
            f"open({str(self.folder / 'asked')!r}, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
            "if sys.argv[1] == 'explain':\n    print('THE STORY')\n    sys.exit(1)\n"
            f"print({json.dumps(found)!r})\nprint({stderr!r}, file=sys.stderr)\nsys.exit({code})\n"
        )
        self.command.chmod(self.command.stat().st_mode | stat.S_IXUSR)

    def asked(self):
        return [json.loads(line) for line in (self.folder / "asked").read_text().splitlines()]

    def test_the_command_is_asked_to_judge_the_function(self):
        printed, code = self.pytest(
            """
            import pytest
            @pytest.mark.cancelsim
            async def test_one(): pass
            class TestThose:
                @pytest.mark.cancelsim(schedules=5, inject=2)
                async def test_two(self): pass
            def test_plain(): pass
            """,
            *("--cancelsim-seed", "7", "--cancelsim-accept", "known.txt"),
        )
        self.assertEqual(code, 0, printed)
        self.assertIn("3 passed", printed)
        self.assertIn("test_one: 1,234 schedules, 2 of 3 awaits were interrupted", printed)
        common = ["--seed", "7", "--accept", "known.txt", "--on", sys.executable]
        place = str(self.folder / "test_it.py")
        one = ["judge", f"{place}:test_one", "--json", "--limit", "2000", "--cases", "2000", "--inject", "1", *common]
        two = ["judge", f"{place}:TestThose.test_two", "--json", "--limit", "5", "--cases", "5", "--inject", "2", *common]
        self.assertEqual(self.asked(), [one, two])

    def test_a_failure_shows_the_story_and_the_token(self):
        known = {"verdict": "known", "token": "csp1:other"}
        self.answers({**FOUND, "failures": [known, FAILURE]}, 1)
        printed, code = self.pytest("import pytest\n@pytest.mark.cancelsim\nasync def test_one(): pass\n")
        self.assertEqual(code, 1)
        self.assertIn("THE STORY", printed)
        self.assertIn("--cancelsim-replay csp1:token", printed)
        self.assertNotIn("csp1:other", printed)

    def test_what_the_command_refuses_fails_with_its_words(self):
        self.answers({}, 2, "test_it.py:3: a run of cancelsim has no sockets")
        printed, code = self.pytest("import pytest\n@pytest.mark.cancelsim\nasync def test_one(): pass\n")
        self.assertEqual(code, 1)
        self.assertIn("a run of cancelsim has no sockets", printed)

    def test_a_token_runs_its_test_alone(self):
        place = str(self.folder / "test_it.py")
        text = "import pytest\n@pytest.mark.cancelsim\nasync def test_one(): pass\n@pytest.mark.cancelsim\nasync def test_two(): pass\n"
        self.answers({"program": place, "function": "test_two"}, 1)
        printed, code = self.pytest(text, "--cancelsim-replay", "csp1:token")
        self.assertEqual(code, 1)
        self.assertIn("1 failed, 1 deselected", printed)
        self.assertIn("THE STORY", printed)
        self.answers({"program": place, "function": "test_two"}, 0)
        self.assertIn("1 passed, 1 deselected", self.pytest(text, "--cancelsim-replay", "csp1:token")[0])
        self.answers({"program": place, "function": "test_three"}, 0)
        self.assertIn("test_three was not collected", self.pytest(text, "--cancelsim-replay", "csp1:token")[0])

    def test_marks_that_mean_nothing_are_errors(self):
        for text, said in {
            "@pytest.mark.cancelsim\ndef test_one(): pass": "is no `async def`",
            "@pytest.mark.cancelsim(schedule=3)\nasync def test_one(): pass": "cancelsim(schedules=COUNT, inject=COUNT)",
            "@pytest.mark.cancelsim(schedules='many')\nasync def test_one(): pass": "cancelsim(schedules=COUNT, inject=COUNT)",
        }.items():
            printed, code = self.pytest(f"import pytest\n{text}\n")
            self.assertNotEqual(code, 0)
            self.assertIn(said, printed)
        printed, _ = self.pytest("import pytest\n@pytest.mark.cancelsim\nasync def test_one(tmp_path): pass\n")
        self.assertIn("has no parameters: tmp_path", printed)

    def test_other_marks_go_on_working(self):
        text = "import pytest\n@pytest.mark.skip(reason='today')\n@pytest.mark.cancelsim\nasync def test_one(): pass\n"
        self.assertIn("1 skipped", self.pytest(text)[0])
        text = "import pytest\npytestmark = pytest.mark.cancelsim\nasync def test_one(): pass\ndef test_two(): pass\n"
        printed, code = self.pytest(text)
        self.assertEqual((code, len(self.asked())), (0, 1), printed)


LOSES_A_SLOT = """
    import anyio
    import asyncio
    import pytest

    free = ["slot"]

    async def use():
        slot = free.pop()
        await anyio.sleep(0.1)
        free.append(slot)

    @pytest.mark.cancelsim(schedules=200)
    async def test_every_slot_comes_back():
        async with asyncio.TaskGroup() as group:
            group.create_task(use())
        assert free == ["slot"]

    @pytest.mark.cancelsim(schedules=200)
    async def test_that_is_fine():
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 1)
"""


@unittest.skipUnless(BINARY is not None and has_anyio(), "no command, or no anyio")
class WithTheCommand(WithPytest):
    def test_a_failure_is_explained_and_replays(self):
        printed, code = self.pytest(LOSES_A_SLOT)
        self.assertEqual(code, 1, printed)
        self.assertIn("1 failed, 1 passed", printed)
        self.assertIn("AssertionError", printed)
        token = re.search(r"--cancelsim-replay (\S+)", printed)[1]
        printed, code = self.pytest(LOSES_A_SLOT, "--cancelsim-replay", token)
        self.assertEqual(code, 1, printed)
        self.assertIn("1 failed, 1 deselected", printed)
        mended = LOSES_A_SLOT.replace("await anyio.sleep(0.1)\n        free.append(slot)", "try:\n            await anyio.sleep(0.1)\n        finally:\n            free.append(slot)")
        self.assertNotEqual(mended, LOSES_A_SLOT)
        printed, code = self.pytest(mended)
        self.assertEqual(code, 0, printed)

    def test_what_no_run_can_have_is_named_with_its_line(self):
        printed, code = self.pytest(
            """
            import pytest, socket
            @pytest.mark.cancelsim
            async def test_one():
                socket.socket()
            """
        )
        self.assertEqual(code, 1, printed)
        self.assertIn("test_it.py:5: sockets", printed)


if __name__ == "__main__":
    unittest.main()
