"""Compares the simulator with the real anyio on generated cases, for as long as one likes.

The simulator generates cases and traces them; the recorder traces them in this process, or, with --events, both tell of all
events. Where two differ, the case, the first event that differs and the few before it are printed, and the hunt goes on. The last line is a summary.
Exit code: 0 all equal, 1 differences, 2 usage or a simulator that does not generate.
"""
import argparse
import json
import os
import re
import subprocess
import tempfile
import time

from cancelsim import releases
from cancelsim.case import CaseError, read_cases
from cancelsim.choices import ORDERS
from cancelsim.policies import names as policy_names
from cancelsim.recorder import Recorder, in_child

CASES_IN_BATCH = 500
EVENTS_BEFORE = 5


class SimulatorError(Exception):
    """The simulator ended with an error, or printed something else than was asked for."""


class Simulator:
    def __init__(self, options):
        self.binary = options.cancelsim
        self.profile = options.profile
        self.trace_options = [
            *("--kernel", options.anyio, "--policy", options.policy),
            *("--order", options.order, "--python", options.python),
            *(argument for defect in options.bug for argument in ("--defect", defect)),
        ]

    def generate(self, seed, count):
        arguments = ["--profile", self.profile, "--seed", str(seed), "--cases", str(count)]
        return self._lines(count, "generate", *arguments)

    def trace(self, case_lines):
        with tempfile.NamedTemporaryFile("w", suffix=".cases.jsonl", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in case_lines))
            file.flush()
            return self._lines(len(case_lines), "trace", *self.trace_options, file.name)

    def programs(self, case_lines):
        """The cases as the simulator prints them in Python. Generated cases have different names."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "cases.jsonl")
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(line + "\n" for line in case_lines))
            self._lines(0, "convert", "--into", folder, path)
            names = [json.loads(line)["name"] for line in case_lines]
            return [text for _, text in read_cases([os.path.join(folder, f"{name}.py") for name in names])]

    def trace_each(self, case_lines):
        """The same; where the simulator fails, it does so for single cases: a SimulatorError stands for these."""
        try:
            return self.trace(case_lines)
        except SimulatorError as error:
            if len(case_lines) == 1:
                return [error]
        middle = len(case_lines) // 2
        return self.trace_each(case_lines[:middle]) + self.trace_each(case_lines[middle:])

    def events(self, case_line):
        """The lines of the events of a case, and the case's names."""
        with tempfile.NamedTemporaryFile("w", suffix=".cases.jsonl", encoding="utf-8") as file:
            file.write(case_line + "\n")
            file.flush()
            head, *lines = self._lines(None, "trace", "--events", *self.trace_options, file.name)
        return json.loads(head)[1]["names"], lines

    def _lines(self, count, *arguments):
        run = subprocess.run([self.binary, *arguments], capture_output=True, encoding="utf-8", errors="replace")
        if run.returncode != 0:
            last_words = run.stderr.strip().splitlines()[-3:]
            raise SimulatorError(f"exit code {run.returncode}: " + " | ".join(last_words))
        lines = run.stdout.splitlines()
        if count is not None and len(lines) != count:
            raise SimulatorError(f"{' '.join(arguments)}: {count} lines expected, {len(lines)} came")
        return lines


def _events_of(recorded):
    """Of the line of a trace, or of lines of events."""
    return json.loads(recorded)["trace"] if isinstance(recorded, str) else [json.loads(line) for line in recorded]


def describe_difference(simulated, recorded):
    """Lines that show where two traces, or lists of events, part. Either may be an exception that says why there is none."""
    try:
        theirs, ours = map(_events_of, (simulated, recorded))
    except (TypeError, ValueError, KeyError):
        return [f"  simulator: {simulated}", f"  anyio:     {recorded}"]
    first = 0
    while first < min(len(theirs), len(ours)) and theirs[first] == ours[first]:
        first += 1
    if first == len(theirs) == len(ours):
        return ["  equal events, but not the same bytes:", f"  simulator: {simulated}", f"  anyio:     {recorded}"]
    lines = [f"  both:      {json.dumps(event)}" for event in ours[max(0, first - EVENTS_BEFORE) : first]]
    for side, events in (("simulator", theirs), ("anyio", ours)):
        event = json.dumps(events[first]) if first < len(events) else "(nothing more)"
        lines.append(f"  {side + ':':<10} {event}")
    return lines


class Hunt:
    def __init__(self, options):
        self.options = options
        self.simulator = Simulator(options)
        self.recorder = Recorder(options.policy, options.order, options.events)
        self.seeds = self.compared = self.differences = self.skipped = 0

    def run(self):
        """Compares batch after batch. The first is of the seed that was given, each other of the next one."""
        options = self.options
        start = time.monotonic()
        left = options.cases
        try:
            while (left > 0) if options.time is None else (time.monotonic() - start < options.time):
                count = CASES_IN_BATCH if options.time is not None else min(CASES_IN_BATCH, left)
                self.compare_batch(options.seed + self.seeds, count)
                left -= count
        except KeyboardInterrupt:
            pass  # it may go on for hours: this is how to stop it
        finally:
            self.summarise(time.monotonic() - start)

    def compare_batch(self, seed, count):
        cases = self.simulator.generate(seed, count)
        self.seeds += 1
        if self.options.events:
            return self.compare_events(seed, cases)
        simulated = self.simulator.trace_each(cases)
        if all(isinstance(line, SimulatorError) for line in simulated):
            raise simulated[0]
        programs = self.simulator.programs(cases) if self.options.as_python else [json.loads(case) for case in cases]
        recorded = self.recorder.trace_lines(programs)
        for case, theirs, ours in zip(cases, simulated, recorded):
            if isinstance(ours, CaseError):
                self.skipped += 1
                continue
            self.compared += 1
            if theirs != ours:
                self.differences += 1
                self.report(seed, case, theirs, ours)

    def compare_events(self, seed, cases):
        simulated = [self.simulator.events(case) for case in cases]
        pairs = [(json.loads(case), names) for case, (names, _) in zip(cases, simulated)]
        recorded = in_child(lambda: [self.recorder.events_of(case, names) for case, names in pairs])
        for case, (_, theirs), ours in zip(cases, simulated, recorded):
            if isinstance(ours, CaseError):
                self.skipped += 1
                continue
            self.compared += 1
            if theirs != ours:
                self.differences += 1
                self.report(seed, case, theirs, ours)

    def report(self, seed, case, simulated, recorded):
        name = json.loads(case)["name"]
        place = f"case {name} of seed {seed}"
        if self.options.save:
            path = os.path.join(self.options.save, f"seed-{seed}-{name}.cases.jsonl")
            place += f", saved as {path}"
            with open(path, "w", encoding="utf-8") as file:
                file.write(case + "\n")
        if self.differences <= self.options.show:
            print(f"difference {self.differences}: {place}")
            print(f"  {case}")
            print(*describe_difference(simulated, recorded), sep="\n", flush=True)

    def summarise(self, seconds):
        o = self.options
        seeds = f"seeds {o.seed} to {o.seed + self.seeds - 1}" if self.seeds else "no seed"
        skipped = f", {self.skipped} skipped (Python cannot run them)" if self.skipped else ""
        print(
            f"{self.compared:,} cases, {self.differences:,} differences{skipped}: "
            f"anyio {o.anyio}, policy {o.policy}, order {o.order}, Python {o.python}, profile {o.profile}, "
            f"{seeds}, {seconds:.0f} s"
        )


def duration(text):
    match = re.fullmatch(r"(\d+)([smh]?)", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a duration such as 60s, 10m or 2h")
    return int(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


def add_options(parser):
    add = parser.add_argument
    add("--cancelsim", required=True, metavar="BINARY", help="the simulator")
    add("--anyio", "--kernel", required=True, metavar="VERSION", help="anyio's version: that of the anyio to import")
    add("--policy", choices=policy_names(), default="upstream")
    add("--bug", "--fix", "--defect", action="append", default=[], metavar="NAME", help="one that this anyio has too; again for more")
    add("--order", choices=ORDERS, default="insertion")
    add("--python", default=releases.PYTHON, metavar="VERSION", help="has to be that of the Python which runs this")
    add("--profile", default="both", help="a profile of the simulator's generator (default both: misuse and blocks in turn)")
    add("--as-python", action="store_true", help="run the programs that the simulator prints, not the package's own")
    add("--events", action="store_true", help="compare every typed event, not the traces")
    add("--seed", type=int, default=1, help=f"of the first {CASES_IN_BATCH} cases; the next ones have the next seed")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--cases", type=int, default=2000, help="how many (default 2000)")
    amount.add_argument("--time", type=duration, help="how long instead: 60s, 10m, 2h")
    add("--save", metavar="DIR", help="where to save each case that differs, as a file of its own")
    add("--show", type=int, default=10, metavar="N", help="how many differences to print (default 10); all are counted")


def check(options):
    family = releases.check()
    if not options.anyio.startswith(family + "."):
        raise releases.ReleaseError(f"--anyio {options.anyio}: the anyio that is imported here is a {family}")
    if releases.anyio_version() not in (family, options.anyio):  # a patch release may differ too
        raise releases.ReleaseError(f"--anyio {options.anyio}: the anyio that is imported here is {releases.anyio_version()}")
    if options.python != releases.PYTHON:
        raise releases.ReleaseError(f"--python {options.python}: this is Python {releases.PYTHON}; run this with the other one")


def main(options):
    try:
        check(options)
        if options.save:
            os.makedirs(options.save, exist_ok=True)
        hunt = Hunt(options)
        hunt.run()
    except (SimulatorError, OSError) as error:
        raise CaseError(f"{options.cancelsim}: {error}") from error
    return 1 if hunt.differences else 0
