"""The wheel, in an empty virtual environment. CANCELSIM names the command that goes into it."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("CANCELSIM")

try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError as error:
    print(f"SKIPPED: no virtual environment can be made: {error}")
    sys.exit(0)
if BINARY is None:
    print("SKIPPED: CANCELSIM does not name the command")
    sys.exit(0)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=True, **options).stdout


class InAnEmptyEnvironment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.wheel = pathlib.Path(run(sys.executable, ROOT / ".ci" / "wheel", "--binary", BINARY, "--output", cls.folder).strip())
        run(sys.executable, "-m", "venv", cls.folder / "venv")
        cls.bin = cls.folder / "venv" / "bin"
        environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "CANCELSIM")}
        cls.alone = {**environment, "PATH": f"{cls.bin}{os.pathsep}{environment['PATH']}"}
        run(cls.bin / "pip", "install", "--quiet", "--no-index", "--no-deps", cls.wheel, env=cls.alone)

    def test_the_command_is_there_and_finds_what_it_finds(self):
        printed = run("cancelsim", "generate", "--seed", "1", "--cases", "2", env=self.alone, cwd=self.folder)
        self.assertEqual(printed, run(BINARY, "generate", "--seed", "1", "--cases", "2"))

    def test_programs_can_import_the_package(self):
        run(self.bin / "python", "-c", "import cancelsim; assert cancelsim.choose(3) == 0", env=self.with_anyio())

    def with_anyio(self):
        try:
            import anyio
        except ImportError as error:
            self.skipTest(f"no anyio: {error}")
        return {**self.alone, "PYTHONPATH": str(pathlib.Path(anyio.__file__).parents[1])}

    def test_the_command_runs_cases_on_the_environments_python(self):
        command = ["hunt", "--on", "python", "--cases", "20", "--seed", "1", "--jobs", "1", "--json"]
        result = subprocess.run(["cancelsim", *command], capture_output=True, text=True, env=self.with_anyio(), cwd=self.folder)
        self.assertIn(result.returncode, (0, 1), result.stderr)

    def test_pytest_finds_the_plugin(self):
        text = "import importlib.metadata as m; print([each.value for each in m.entry_points(group='pytest11')])"
        self.assertEqual(run(self.bin / "python", "-c", text, env=self.alone).strip(), "['cancelsim.pytest_plugin']")


if __name__ == "__main__":
    unittest.main()
