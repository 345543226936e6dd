"""How much of what goes wrong in model/ do the contracts notice by themselves: no unit test, no recorded trace?

    python3 model/by_contracts.py faults              # those of faults.py: schedules to the first catch, as a table
    python3 model/by_contracts.py mutants --sample N  # N mutants of mutants.py, drawn by --seed: the score

Both run one copy of the tree, in which every fault and mutant is a branch. A hunt of a release, with nothing told about the fault,
catches it where it calls a failure new: the releases break nothing without one that is not a finding, by its own cause.
"""
import argparse
import collections
import concurrent.futures
import itertools
import json
import random
import statistics
import sys

import faults
import mutation
from mutation import BUILD, COPY, WORK

KERNELS = ("4.13.0 narrow", "4.14.2 upstream", "4.15.1 upstream")
HUNTED = ("both", "start")  # profiles, one after the other
TRACED = ("blocks", "misuse", "start")
CASES = 1_500  # of each profile, whose traces tell whether a mutant changes anything
ROUNDS = (500, 4_000, 20_000)  # schedules: a hunt grows until it has caught something
SECONDS = 10  # on the processor, for one run of the command
CRASH = "a crash"  # the command says so, and exits with 3
GOAL = 75  # per cent of the mutants that change a trace


def kernel_options(kernel):
    anyio, policy = kernel.split()
    return ["--anyio", anyio, "--policy", policy]


def first_catch(kernel, number, seed, rounds=ROUNDS):
    """(schedules, contract) of the first new failure, or None. A crash or a hunt without end is a catch too."""
    for cases, profile in itertools.product(rounds, HUNTED):
        command = ["cancelsim", "hunt", "--json", "--no-shrink", "--jobs", "1", "--against", "self", "--profile", profile,
                   "--seed", str(seed), "--cases", str(cases)]
        ended, output = mutation.run([*command, *kernel_options(kernel)], number, limit=SECONDS)
        failures = [json.loads(line) for line in output.splitlines() if line.startswith(b'{"contract"')]
        news = [(failure["schedules"], failure["contract"]) for failure in failures if failure["label"] == "new"]
        if news:
            return min(news)
        if ended not in (None, "fails") or b'"summary"' not in output:
            return cases, CRASH if ended in ("fails", "crashes") else ended
    return None


def build():
    files = mutation.copy_tree()
    return mutation.build(files, ("cancelsim",), faults.applied)


# Faults

def fault_row(number, fault, seeds):
    """The kernel, schedules (the median) and contract of the kernel that catches it soonest."""
    best = None
    for kernel in fault.kernels:
        caught = [catch for seed in range(1, seeds + 1) if (catch := first_catch(kernel, number, seed))]
        if len(caught) <= seeds // 2:
            continue
        median = statistics.median_low([schedules for schedules, _ in caught])
        contracts = sorted({contract for _, contract in caught})
        if best is None or median < best[1]:
            best = kernel, median, max(schedules for schedules, _ in caught), contracts
    return best


def run_faults(options):
    chosen = [(number, fault) for number, fault in enumerate(faults.FAULTS, faults.FIRST)
              if not options.only or options.only in fault.name]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(lambda each: fault_row(*each, options.seeds), chosen))
    print("| fault | what was done | in | caught on | median | most | by |")
    print("| --- | --- | --- | --- | --: | --: | --- |")
    for (_, fault), row in zip(chosen, rows):
        kernel, median, most, contracts = row or ("-", "-", "-", ["nothing"])
        print(f"| {fault.name} | {fault.what} | `{fault.file}` | {kernel} | {median} | {most} | {', '.join(contracts)} |")
    caught = sum(row is not None for row in rows)
    print(f"\n{caught} of {len(rows)} caught by contracts alone")
    return 0 if caught >= len(rows) - 1 else 1


# Mutants

def traces(number, cases):
    """What the kernels do with the cases, in the ordinary order."""
    return [mutation.run(["cancelsim", "trace", *kernel_options(kernel), path], number, limit=SECONDS)
            for path in cases for kernel in KERNELS]


def cases_of_profiles():
    paths = []
    for profile in TRACED:
        _, output = mutation.run(["cancelsim", "generate", "--profile", profile, "--cases", str(CASES), "--seed", "1"])
        paths.append(WORK / f"{profile}.jsonl")
        paths[-1].write_bytes(output)
    return [str(path) for path in paths]


def judged(mutant, cases, expected):
    if traces(mutant.number, cases) == expected:
        return "changes no trace"
    for kernel in KERNELS:
        if catch := first_catch(kernel, mutant.number, 1, ROUNDS[1:]):
            return catch[1]
    return None


def run_mutants(options, mutants):
    bogus = f"mutant({faults.FIRST // 1000}"  # a mutant of a fault's branch
    left_out = (bogus, "has(Bug::", "has(Fix::")
    chosen = [mutant for mutant in mutants if not any(part in mutant.name for part in left_out)]
    chosen = [mutant for mutant in chosen if not mutant.file.startswith("policies/") or "upstream" in mutant.file]
    random.Random(options.seed).shuffle(chosen)
    chosen = chosen[: options.sample]
    cases = cases_of_profiles()
    expected = traces(0, cases)
    results = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for mutant, result in zip(chosen, pool.map(lambda each: judged(each, cases, expected), chosen)):
            results[mutant.name] = result
            print(f"{len(results)} of {len(chosen)}: {result or 'not caught'}: {mutant.name}", flush=True)
    (WORK / "by-contracts.json").write_text(json.dumps(results, indent=1))
    changing = {name: result for name, result in results.items() if result != "changes no trace"}
    caught = collections.Counter(result for result in changing.values() if result)
    score = 100 * sum(caught.values()) / max(1, len(changing))
    print(f"{len(results)} mutants, {len(changing)} of them change a trace, {sum(caught.values())} of those are caught: {score:.1f} %;")
    print(f"of those that leave a run to judge {100 * (caught.total() - caught[CRASH]) / max(1, len(changing) - caught[CRASH]):.1f} %")
    print("by: " + ", ".join(f"{name} {count}" for name, count in caught.most_common()))
    return 0 if score >= GOAL else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("faults", "mutants"))
    parser.add_argument("--only", help="faults whose names have this in them")
    parser.add_argument("--seeds", type=int, default=5, help="hunts for each fault and kernel")
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    mutants = build()
    return run_faults(options) if options.what == "faults" else run_mutants(options, mutants)


if __name__ == "__main__":
    sys.exit(main())
