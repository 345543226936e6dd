#!/usr/bin/env python3
"""Times W1, a cancelled group of ten tasks, on the real anyio in three ways, in turns on one core, in CPU time.

usage: beside_simloop.py --simloop PATH [--cancelsim PATH] [--rounds N]

    bare       on a loop with a virtual clock, and nothing else
    simloop    as simloop runs it, with no check of anything: PATH is a checkout of its
    cancelsim  as `cancelsim judge --on` runs it: every choice asked for, every event told, all contracts

It runs on the anyio that it can import.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from anyio_workloads import PROGRAMS, run, storm

ROOT = Path(__file__).resolve().parents[2]
MICROSECONDS = 1_000_000
FEW, MANY = 1, 6  # random schedules of each program: what starting costs is in both


def bare():
    """Programs a second."""
    start = time.process_time()
    for program in PROGRAMS:
        run(storm(*program))
    return len(PROGRAMS) / (time.process_time() - start)


def simloop(loop_class):
    start = time.process_time()
    for seed, program in enumerate(PROGRAMS):
        loop = loop_class(seed=seed)
        try:
            loop.run_until_complete(storm(*program))
        finally:
            loop.close()
    return len(PROGRAMS) / (time.process_time() - start)


def sleeps(delays):
    return [{"op": "sleep", "for": round(delay * MICROSECONDS)} for delay in delays]


def spawn(group, task, body):
    return {"op": "spawn", "group": group, "task": task, "body": body}


def swallowing(delays):
    return {"op": "try", "body": sleeps(delays), "catch": "cancelled", "then": "swallow"}


def case(number, delays, shielded_delay, nested):
    """The same program as a case."""
    swallower = [swallowing(delays[6] * 2), swallowing(delays[6]), *sleeps(delays[6])]
    shielded = [{"op": "scope", "name": "shield", "shield": True, "body": sleeps([shielded_delay])}, *sleeps(delays[7])]
    body = [spawn("g", f"t{i}", sleeps(delays[i])) for i in range(6)]
    body += [spawn("g", "swallower", swallower), spawn("g", "shielded", shielded)]
    body.append({"op": "group", "name": "inner", "body": [spawn("inner", f"n{i}", sleeps([delay])) for i, delay in enumerate(nested)]})
    group = {"op": "group", "name": "g", "body": body}
    return {"name": f"w1-{number}", "main": [{"op": "scope", "name": "deadline", "deadline": 8000, "body": [group]}]}


def judged(options, file, schedules):
    """CPU seconds of it all, the worker's with them, and how many schedules ran."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    amount = ["--limit", "1", "--cases", str(schedules)]
    command = [options.cancelsim, "judge", file, "--on", sys.executable, *amount, "--json"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode not in (0, 1):
        sys.exit(result.stderr.strip() or f"{options.cancelsim}: exit code {result.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = sum(json.loads(line)["schedules"] for line in result.stdout.splitlines())
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ran


def cancelsim(options, file):
    few, many = judged(options, file, FEW), judged(options, file, MANY)
    return (many[1] - few[1]) / (many[0] - few[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--simloop", required=True, help="a checkout of simloop")
    parser.add_argument("--cancelsim", default=str(ROOT / "cancelsim"), help="the command (default: this checkout's)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each (default 5)")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(options.simloop) / "src"))
    from simloop import SimLoop

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "w1.cases.jsonl")
        Path(file).write_text("".join(json.dumps(case(number, *program)) + "\n" for number, program in enumerate(PROGRAMS)))
        ways = {"bare": bare, "simloop": lambda: simloop(SimLoop), "cancelsim": lambda: cancelsim(options, file)}
        rows = {name: [] for name in ways}
        for _ in range(options.rounds):
            for name, way in ways.items():
                rows[name].append(way())
    print(f"anyio {version('anyio')}, CPython {sys.version.split()[0]}; medians of {options.rounds} rounds on one core, in CPU time")
    for name, rates in rows.items():
        ratio = statistics.median(rate / other for rate, other in zip(rates, rows["simloop"]))
        print(f"{name:<10} {statistics.median(rates):>8,.0f} programs/s  {ratio:>6.1f} times simloop")


if __name__ == "__main__":
    main()
