"""What the package refuses, in one line and with exit code 2. These need no anyio."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


def run(*arguments, path=()):
    """Runs the package's command on a Python without installed packages."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE), *path]), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-S", "-m", "cancelsim", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)


class Refusals(unittest.TestCase):
    def check(self, result, words):
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(words, result.stderr)

    def test_without_anyio_one_line_says_so(self):
        self.check(run("record", "-"), "no anyio can be imported")

    def test_an_anyio_that_is_not_known_is_refused_by_its_version(self):
        with tempfile.TemporaryDirectory() as folder:
            anyio = pathlib.Path(folder, "anyio")
            anyio.mkdir()
            (anyio / "__init__.py").touch()
            (anyio / "lowlevel.py").touch()
            metadata = pathlib.Path(folder, "anyio-3.7.1.dist-info")
            metadata.mkdir()
            (metadata / "METADATA").write_text("Name: anyio\nVersion: 3.7.1\n")
            self.check(run("record", "-", path=[folder]), "is 3.7; known are 4.13, 4.14, 4.15")


if __name__ == "__main__":
    unittest.main()
