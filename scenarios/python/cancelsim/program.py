"""A program that can be run on the real library: a case, or a file in the Python notation."""
import re

from cancelsim import notation
from cancelsim.instrument import REPORTS, instrument
from cancelsim.run import ProgramModule

DEFAULT_BUDGET = 2000


class Program:
    def __init__(self, name, source, budget, has_objects):
        self.name = name
        self.source = source
        self.budget = budget
        self.has_objects = has_objects  # whether the end of its trace says what state they are in
        self._code = instrument(source, f"<case {name}>")

    def main_of(self, run):
        """Makes the functions of the program, for one run. Returns `main`, and the names that they know."""
        names = {"_run": run, "cancelsim": ProgramModule(run), **REPORTS}
        exec(self._code, names)
        return names["main"], names


def of_case(case):
    source = notation.write(case)
    return Program(case["name"], source, case.get("budget", DEFAULT_BUDGET), "objects" in case)


def of_source(source, name):
    """Of a text in the notation. `name` is for one whose head does not give it."""
    head = dict(re.findall(r"^# (case|budget|objects): (\S+)$", source, re.MULTILINE))
    declared = re.search(rf"^n\.({'|'.join(notation.objects.KINDS)})\(", source, re.MULTILINE)
    has_objects = "objects" in head or declared is not None
    return Program(head.get("case", name), source, int(head.get("budget", DEFAULT_BUDGET)), has_objects)
