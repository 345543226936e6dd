#!/usr/bin/env python3
"""Runs cases on the real anyio and prints their traces, one line a case. See README.md and CASES.md."""
import argparse
import itertools
import json
import sys

from compile_case import CaseError
from hooks import ORDERS
from policies import POLICIES
from recorder import Recorder

CASES_IN_BATCH = 500


def read_cases(paths):
    """Yields pairs (place, case)."""
    for path in paths:
        name = "stdin" if path == "-" else path
        with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                try:
                    yield f"{name}:{number}", json.loads(text)
                except ValueError as error:
                    sys.exit(f"{name}:{number}: not JSON: {error}")


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
            sys.exit(f"{place}: {error}")
        print(f"{case['name']}: {programs:,.0f} programs/s, {programs * callbacks:,.0f} callbacks/s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policy", choices=POLICIES, default="upstream")
    parser.add_argument("--order", choices=ORDERS, default="insertion")
    parser.add_argument("--bench", action="store_true", help="time each case, without compiling it, instead")
    parser.add_argument("--bench-seconds", type=float, default=0.5, help="how long to run each case (default 0.5)")
    parser.add_argument("files", nargs="*", default=["-"], metavar="FILE", help="cases, one a line; - is stdin")
    options = parser.parse_args()
    recorder = Recorder(options.policy, options.order)
    cases = read_cases(options.files)
    if options.bench:
        print_speeds(recorder, cases, options.bench_seconds)
    elif not print_traces(recorder, cases):
        sys.exit(2)


if __name__ == "__main__":
    main()
