#!/usr/bin/env python3
"""How small failures get, and how fast: the first failure of each of many hunts, each from a seed of its own.

    properties/search/shrinking.py --policy upstream --policy v3 --policy pr1260

prints two tables in Markdown: by policy, of the first failure of each hunt that is no known finding; and by contract, of
every one of them. Each is replayed from its token. All but the seconds is the same whenever it is run.
"""

import argparse
import json
import statistics
import subprocess
from collections import defaultdict


def failures_of(binary: str, policy: str, seed: int, cases: int) -> list[dict]:
    command = [binary, "hunt", "--json", "--policy", policy, "--seed", str(seed), "--cases", str(cases)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(run.stderr)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    return [failure for failure in found if "summary" not in failure and failure["known"] is None]


def replays(binary: str, failure: dict) -> bool:
    run = subprocess.run([binary, "replay", "--json", failure["token"]], capture_output=True, text=True)
    return run.returncode == 1 and json.loads(run.stdout)["digest"] == failure["digest"]


def spread(numbers: list[float], form: str = "g") -> str:
    tenth = sorted(numbers)[-1 - len(numbers) // 10]
    return " / ".join(format(number, form) for number in (statistics.median(numbers), tenth, max(numbers)))


def row(name: str, failures: list[dict]) -> str:
    cells = [
        name,
        str(len(failures)),
        spread([failure["shrink"]["statements"] for failure in failures]),
        spread([failure["statements"] for failure in failures]),
        spread([failure["deviations"] for failure in failures]),
        spread([failure["shrink"]["seconds"] for failure in failures], ".3f"),
    ]
    return f"| {' | '.join(cells)} |"


def table(heading: str, groups: dict[str, list[dict]]) -> None:
    print(f"| {heading} | failures | statements found | statements left | deviations left | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, failures in groups.items():
        print(row(name, failures))
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", default="./cancelsim")
    parser.add_argument("--policy", action="append", required=True, help="may be given again")
    parser.add_argument("--failing", type=int, default=100, help="how many seeds that fail, of each policy")
    parser.add_argument("--cases", type=int, default=2000, help="of each hunt")
    options = parser.parse_args()

    firsts, by_contract = {}, defaultdict(list)
    hunts = stale = 0
    for policy in options.policy:
        firsts[policy] = []
        seed = 0
        while len(firsts[policy]) < options.failing:
            seed += 1
            failures = failures_of(options.binary, policy, seed, options.cases)
            if not failures:
                continue
            firsts[policy].append(failures[0])
            for failure in failures:
                by_contract[f"{policy}: {failure['contract']}"].append(failure)
                stale += not replays(options.binary, failure)
        hunts += seed
    table("policy", firsts)
    table("policy: contract", dict(sorted(by_contract.items())))
    count = sum(map(len, by_contract.values()))
    print(f"Of {hunts} hunts; of {count} failures {count - stale} replayed.")


if __name__ == "__main__":
    main()
