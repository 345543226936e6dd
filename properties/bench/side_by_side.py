#!/usr/bin/env python3
"""Times workloads here and on the real anyio, in turns, on one core, and prints how many times faster they are here.

usage: side_by_side.py [--cancelsim PATH] [--kernel RELEASE] [--rounds N] [W1|W2|W3|W6|W7-0|W7-10|W8|FILE...]

It runs on the anyio that it can import. FILE holds cases, one a line; the recorder runs them on the real anyio, with its
hooks in place. The figures are medians of the rounds: what else the machine does meanwhile hits both sides.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "scenarios" / "python"


def real_workload(name):
    """Nanoseconds a unit of work, on the real anyio."""
    from anyio_workloads import WORKLOADS

    start = time.perf_counter()
    units = WORKLOADS[name]()
    return (time.perf_counter() - start) * 1e9 / units


def real_file(path):
    """Nanoseconds a program: the mean of the file's cases, since each runs once in a turn."""
    command = [sys.executable, "-m", "cancelsim", "record", "--bench", path]
    search_path = os.pathsep.join(filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": search_path}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode != 0:
        sys.exit(result.stderr.strip() or f"{path}: the recorder failed")
    per_second = [float(re.search(r": ([\d,]+) programs/s", line)[1].replace(",", "")) for line in result.stdout.splitlines()]
    return statistics.fmean(1e9 / rate for rate in per_second)


def here(cancelsim, kernel, what, contracts):
    """Nanoseconds a unit of work and, where there is one, of the floor's."""
    command = [cancelsim, "bench", what, "--kernel", kernel, "--policy", "upstream", "--contracts", contracts, "--json"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(result.stderr.strip() or f"{cancelsim}: exit code {result.returncode}")
    row = json.loads(result.stdout)
    return row["ns"], row.get("floor_ns")


def compare(options, what):
    workload = re.fullmatch(r"W([12368]|7-0|7-10)", what) is not None
    real, rows = [], {contracts: [] for contracts in ("none", "all")}
    for _ in range(options.rounds):
        real.append(real_workload(what) if workload else real_file(what))
        for contracts, figures in rows.items():
            figures.append(here(options.cancelsim, options.kernel, what, contracts))
    for contracts, figures in rows.items():
        ns = statistics.median(each for each, _ in figures)
        ratio = statistics.median(r / each for r, (each, _) in zip(real, figures))
        floors = [each / floor for each, floor in figures if floor]
        floor = f"{statistics.median(floors):.2f}" if floors else ""
        print(
            f"{what if workload else Path(what).name:<12} {contracts:>9} {statistics.median(real):>14,.0f} {ns:>11,.1f}"
            f" {ratio:>7,.0f} {floor:>8}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cancelsim", default=str(ROOT / "cancelsim"), help="the command (default: this checkout's)")
    parser.add_argument("--kernel", default="4.13.0", help="the release to run here (default 4.13.0)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of both sides (default 5)")
    parser.add_argument("what", nargs="*", default=["W1", "W2", "W3", "W6", "W7-0", "W7-10", "W8"], help="W1, W2, W3, W6, W7-0, W7-10, W8, or files of cases")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    try:
        import anyio  # noqa: F401
    except ImportError as error:
        sys.exit(f"side_by_side.py: anyio cannot be imported: {error}")
    try:
        release = version("anyio")
    except PackageNotFoundError:
        release = "of a checkout"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"anyio {release}, CPython {sys.version.split()[0]}; {options.rounds} rounds on one core")
    print(f"{'workload':<12} {'contracts':>9} {'ns, real':>14} {'ns, here':>11} {'times':>7} {'x floor':>8}")
    for what in options.what:
        compare(options, what)


if __name__ == "__main__":
    main()
