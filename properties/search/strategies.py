#!/usr/bin/env python3
"""Which strategy needs fewer schedules to the first catch: every bug that `verdict --defects` knows, under each.

    properties/search/strategies.py random pct

prints a table in Markdown. A median counts a seed that caught nothing as its limit; the last row is the geometric mean
of the medians. With the same options it gives the same figures.
"""

import argparse
import json
import statistics
import subprocess


def rows_of(binary: str, strategy: str, seeds: int, cases: int) -> dict[str, list[int]]:
    """By bug: the schedules to the first catch of each seed."""
    command = [binary, "verdict", "--defects", "--json", "--strategy", strategy]
    command += ["--seeds", str(seeds), "--cases", str(cases)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = json.loads(run.stdout)["rows"]
    return {
        f"{row['name']} ({row['bad']})": [first["schedules"] if first else cases for first in row["first"]]
        for row in rows
        if row["first"]
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("strategy", nargs="+")
    parser.add_argument("--binary", default="./cancelsim")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--cases", type=int, default=20_000, help="schedules at which a seed is given up")
    options = parser.parse_args()

    found = {name: rows_of(options.binary, name, options.seeds, options.cases) for name in options.strategy}
    print(f"| bug | {' | '.join(options.strategy)} |")
    print("| --- |" + " --: |" * len(found))
    medians = {name: [] for name in found}
    for bug in next(iter(found.values())):
        cells = []
        for name, rows in found.items():
            median = statistics.median(rows[bug])
            medians[name].append(median)
            cells.append(f"{median:g}" if median < options.cases else f"> {options.cases}")
        print(f"| {bug} | {' | '.join(cells)} |")
    means = [f"{statistics.geometric_mean(numbers):.1f}" for numbers in medians.values()]
    print(f"| geometric mean | {' | '.join(means)} |")


if __name__ == "__main__":
    main()
