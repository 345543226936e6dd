"""A pytest plugin: `@pytest.mark.cancelsim(schedules=2000, inject=1)` on an async test has the command `cancelsim` search it, on the
anyio that this Python imports, on virtual time.

    schedules  at most so many that are one choice away from the ordinary one, and then so many at random
    inject     at most so many cancellations of a run come from outside

The test is a function without parameters, or a method of a class that is made without any. Nothing else runs it: no fixture, no other
plugin. Where a run fails, the explanation is the test's failure, and so is the token that replays it.
"""
import inspect
import json
import os
import shutil
import subprocess
import sys
import sysconfig

import pytest

MARK = "cancelsim"
HOLDS, BROKEN = 0, 1
FAILING = {"broken", "program"}


def pytest_addoption(parser):
    group = parser.getgroup(MARK, "search for broken promises of cancellation")
    group.addoption("--cancelsim-replay", metavar="TOKEN", help="run only the test of this failure, and only as it failed")
    group.addoption("--cancelsim-seed", metavar="SEED", help="of the random schedules (default: always the same)")
    group.addoption("--cancelsim-accept", metavar="FILE", help="failures that are accepted, as `cancelsim judge --accept` reads them")


def pytest_configure(config):
    line = "cancelsim(schedules=2000, inject=1): search an async test for broken promises of cancellation"
    config.addinivalue_line("markers", line)
    config.stash[_SUMMARY] = []


_SUMMARY = pytest.StashKey()


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector, name, obj):
    marks = [mark for mark in getattr(obj, "pytestmark", ()) if mark.name == MARK]
    if not marks and collector.get_closest_marker(MARK) is None:
        return None
    if not collector.funcnamefilter(name) or not inspect.isfunction(inspect.unwrap(obj) if callable(obj) else obj):
        return None
    if not inspect.iscoroutinefunction(obj):
        if marks:
            raise collector.CollectError(f"{name} is marked with {MARK}, and is no `async def`")
        return None
    return SearchedTest.from_parent(collector, name=name, function=obj)


def pytest_collection_modifyitems(config, items):
    token = config.getoption("--cancelsim-replay")
    if token is None:
        return
    searched = [item for item in items if isinstance(item, SearchedTest)]
    if not searched:
        raise pytest.UsageError("--cancelsim-replay: no test that is marked with cancelsim was collected")
    result = searched[0].command("replay", token, "--json")
    if result.returncode not in (HOLDS, BROKEN):
        raise pytest.UsageError(f"--cancelsim-replay: {_last_line(result)}")
    failure = json.loads(result.stdout)
    named = [item for item in searched if os.path.samefile(item.path, failure["program"]) and item.program == failure["function"]]
    if not named:
        raise pytest.UsageError(f"--cancelsim-replay: {failure['program']}:{failure['function']} was not collected")
    config.hook.pytest_deselected(items=[item for item in items if item not in named])
    items[:] = named


def pytest_terminal_summary(terminalreporter, config):
    told = config.stash[_SUMMARY]
    if told:
        terminalreporter.write_sep("-", MARK)
        for line in told:
            terminalreporter.write_line(line)


class Failed(Exception):
    """The text is all that there is to say."""


class SearchedTest(pytest.Item):
    """An async test that the command runs."""

    def __init__(self, *, function, **options):
        super().__init__(**options)
        self.function = function
        for mark in getattr(function, "pytestmark", ()):
            self.add_marker(pytest.mark.__getattr__(mark.name)(*mark.args, **mark.kwargs))
        owner = self.getparent(pytest.Class)
        self.program = self.name if owner is None else f"{owner.name}.{self.name}"
        self.options = self._options()

    def _options(self):
        mark = self.get_closest_marker(MARK)
        options = {"schedules": 2000, "inject": 1, **mark.kwargs}
        counts = all(isinstance(number, int) and number >= 0 for number in options.values())
        if mark.args or set(options) != {"schedules", "inject"} or not counts:
            raise self.CollectError(f"{self.name}: the mark is cancelsim(schedules=COUNT, inject=COUNT)")
        return options

    CollectError = pytest.Collector.CollectError

    def command(self, *arguments):
        """Runs the command on this interpreter, with the modules that this one finds."""
        path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path if folder)
        environment = {**os.environ, "PYTHONPATH": path}
        command = [binary(), *arguments, "--on", sys.executable]
        return subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment)

    def runtest(self):
        asked = [parameter for parameter in inspect.signature(self.function).parameters if parameter != "self"]
        if asked:
            raise Failed(f"a test that cancelsim searches has no parameters: {', '.join(asked)}")
        token = self.config.getoption("--cancelsim-replay")
        if token is None:
            self.search()
        else:
            self.replay(token)

    def search(self):
        schedules, inject = str(self.options["schedules"]), str(self.options["inject"])
        arguments = ["judge", f"{self.path}:{self.program}", "--json", "--limit", schedules, "--cases", schedules, "--inject", inject]
        for option in ("seed", "accept"):
            value = self.config.getoption(f"--cancelsim-{option}")
            if value is not None:
                arguments += [f"--{option}", value]
        result = self.command(*arguments)
        if result.returncode not in (HOLDS, BROKEN):
            raise Failed(_last_line(result))
        found = json.loads(result.stdout)
        interrupted = found["awaits"] - len(found["not_interrupted"])
        self.config.stash[_SUMMARY].append(
            f"{self.nodeid}: {found['schedules']:,} schedules, {interrupted} of {found['awaits']} awaits were interrupted"
        )
        if result.returncode == BROKEN:
            raise Failed("\n\n".join(self.told(failure) for failure in found["failures"] if failure["verdict"] in FAILING))

    def told(self, failure):
        """The explanation of a failure, and how to see it again."""
        explained = self.command("explain", failure["token"])
        story = explained.stdout.rstrip() if explained.returncode in (HOLDS, BROKEN) else _last_line(explained)
        return f"{story}\n\nagain: pytest '{self.nodeid}' --cancelsim-replay {failure['token']}"

    def replay(self, token):
        result = self.command("replay", token)
        if result.returncode == BROKEN:
            raise Failed(self.told({"token": token}))
        if result.returncode != HOLDS:
            raise Failed(_last_line(result))

    def repr_failure(self, excinfo, style=None):
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, inspect.unwrap(self.function).__code__.co_firstlineno - 1, self.name


def _last_line(result):
    lines = (result.stderr.strip() or result.stdout.strip()).splitlines()
    return lines[-1] if lines else f"cancelsim: exit code {result.returncode}"


def binary():
    """The command: what CANCELSIM names, the one that was installed with this package, or the one that PATH finds."""
    named = os.environ.get("CANCELSIM")
    found = named or shutil.which("cancelsim", path=sysconfig.get_path("scripts")) or shutil.which("cancelsim")
    if found is None:
        raise pytest.UsageError("there is no command `cancelsim`: install it, or have CANCELSIM name it")
    return found
