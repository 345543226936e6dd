"""Runs cases on the real anyio and prints their traces, one line a case."""
import itertools
import sys

from cancelsim.case import CaseError, read_cases
from cancelsim.choices import ORDERS
from cancelsim.policies import names as policy_names
from cancelsim.recorder import Recorder

CASES_IN_BATCH = 500


def batches(iterable, size):
    iterator = iter(iterable)
    while batch := list(itertools.islice(iterator, size)):
        yield batch


def print_traces(recorder, cases):
    all_well = True
    for batch in batches(cases, CASES_IN_BATCH):
        lines = recorder.trace_lines([case for _, case in batch])
        for (place, _), line in zip(batch, lines):
            if isinstance(line, CaseError):
                sys.stdout.flush()
                print(f"{place}: {line}", file=sys.stderr)
                all_well = False
            else:
                print(line)
    return all_well


def print_speeds(recorder, cases, seconds):
    for place, case in cases:
        try:
            programs, callbacks = recorder.speed(case, seconds)
        except CaseError as error:
            raise CaseError(f"{place}: {error}") from error
        print(f"{case['name']}: {programs:,.0f} programs/s, {programs * callbacks:,.0f} callbacks/s", flush=True)


def add_options(parser):
    parser.add_argument("--policy", choices=policy_names(), default="upstream")
    parser.add_argument("--order", choices=ORDERS, default="insertion")
    parser.add_argument("--bench", action="store_true", help="time each case, without compiling it, instead")
    parser.add_argument("--bench-seconds", type=float, default=0.5, help="how long to run each case (default 0.5)")
    parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="cases, one a line, or programs (.py); - is stdin")


def main(options):
    recorder = Recorder(options.policy, options.order)
    cases = read_cases(options.files)
    if options.bench:
        print_speeds(recorder, cases, options.bench_seconds)
        return 0
    return 0 if print_traces(recorder, cases) else 2
