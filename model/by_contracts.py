"""How much of what goes wrong in model/ do the contracts notice by themselves: no unit test, no recorded trace?

    python3 model/by_contracts.py faults              # those of faults.py: schedules to the first catch, as a table
    python3 model/by_contracts.py mutants --sample N  # N mutants of mutants.py, drawn by --seed: the score

Both run one copy of the tree, in which every fault and mutant is a branch. A hunt of a release, with nothing told about the fault,
catches it where it calls a failure new: the releases break nothing without one that is not a finding, by its own cause.

A mutant that crashes a run leaves that run without a trace, and the hunt without an end: so some of its cases are traced
one by one, and further hunts of other seeds look whether a contract breaks before anything crashes.
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

KERNELS = ("4.13.0 narrow 3.11", "4.14.2 upstream 3.12", "4.15.1 upstream 3.13")
HUNTED = ("both", "start")  # profiles, one after the other
HUNTED_FOR_MUTANTS = ("both", "start", "objects", "native")
STRATEGIES = ("random", "insertion")  # of sets too, which a plain run goes through otherwise
TRACED = ("blocks", "misuse", "start", "objects", "native")
CASES = 400  # of each profile, whose traces tell whether a mutant changes anything
ONE_BY_ONE = 20  # cases, where not all can be traced at once
AFTER_CRASH = 40  # hunts of other seeds, short ones
ROUNDS = (500, 4_000, 20_000)  # schedules: a hunt grows until it has caught something
SECONDS = 10  # on the processor, for one run of the command
CRASH = "a crash"  # the command says so, and exits with 3
GOAL = 75  # per cent of the mutants that change a trace


def kernel_options(kernel):
    anyio, policy, *python = kernel.split()
    return ["--anyio", anyio, "--policy", policy, *(("--python", python[0]) if python else ())]


def hunted(kernel, number, seed, cases, profile, strategy="random"):
    """(schedules, contract) of the first new failure, or None; and how the hunt ended, None if well."""
    command = ["cancelsim", "hunt", "--json", "--no-shrink", "--jobs", "1", "--against", "self", "--profile", profile,
               "--strategy", strategy, "--seed", str(seed), "--cases", str(cases)]
    ended, output = mutation.run([*command, *kernel_options(kernel)], number, limit=SECONDS)
    failures = [json.loads(line) for line in output.splitlines() if line.startswith(b'{"contract"')]
    news = [(failure["schedules"], failure["contract"]) for failure in failures if failure["label"] == "new"]
    if ended in ("fails", "crashes") and b'"summary"' in output:
        ended = None  # it only says that something broke
    return min(news, default=None), CRASH if ended in ("fails", "crashes") else ended


def first_catch(kernel, number, seed, rounds=ROUNDS, profiles=HUNTED, strategies=STRATEGIES[:1]):
    """(schedules, contract) of the first new failure, or None. A crash or a hunt without end is a catch too."""
    for cases, profile, strategy in itertools.product(rounds, profiles, strategies):
        news, ended = hunted(kernel, number, seed, cases, profile, strategy)
        if news or ended:
            return news or (cases, ended)
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

def traces(number, lines, kernel):
    """What the kernel does with the cases, in the ordinary order, and how that ended: a crash leaves fewer traces."""
    path = WORK / f"traced-{number}.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    ended, output = mutation.run(["cancelsim", "trace", *kernel_options(kernel), str(path)], number, limit=SECONDS)
    path.unlink()
    return [line for line in output.splitlines() if line.startswith(b"{")], ended


def changed(number, cases, expected):
    """Whether the trace of some case differs; if not, whether one has none."""
    change = None
    for (kernel, profile), before in expected.items():
        now, ended = traces(number, cases[profile], kernel)
        if any(trace != known for trace, known in zip(now, before)):
            return "differs"
        if ended == mutation.TOO_LONG:
            return "has none"
        if ended is None:
            continue
        change = "has none"
        for case, known in zip(cases[profile][:ONE_BY_ONE], before):
            now, ended = traces(number, [case], kernel)
            if ended is None and now != [known]:
                return "differs"
    return change


def cases_of_profiles():
    cases = {}
    for profile in TRACED:
        _, output = mutation.run(["cancelsim", "generate", "--profile", profile, "--cases", str(CASES), "--seed", "1"])
        cases[profile] = output.splitlines()
    return cases


def judged(mutant, cases, expected):
    """What changes of its traces, and what catches it."""
    change = changed(mutant.number, cases, expected)
    if not change:
        return None, None
    crash = None
    for rounds, kernel in itertools.product(((ROUNDS[1],), (ROUNDS[2],)), KERNELS):
        catch = first_catch(kernel, mutant.number, 1, rounds, HUNTED_FOR_MUTANTS, STRATEGIES)
        if catch and catch[1] == CRASH:
            catch = after_crash(kernel, mutant.number) if crash is None else None
            crash = CRASH
        if catch:
            return change, catch[1]
    return change, crash


def after_crash(kernel, number):
    """What a contract catches in hunts of other seeds, before anything crashes."""
    for seed, profile in itertools.product(range(2, 2 + AFTER_CRASH), HUNTED_FOR_MUTANTS):
        if news := hunted(kernel, number, seed, 50, profile)[0]:
            return news
    return None


def run_mutants(options, mutants):
    bogus = f"mutant({faults.FIRST // 1000}"  # a mutant of a fault's branch
    left_out = (bogus, "has(Bug::", "has(Fix::")
    chosen = [mutant for mutant in mutants if not any(part in mutant.name for part in left_out)]
    chosen = [mutant for mutant in chosen if not mutant.file.startswith("policies/") or "upstream" in mutant.file]
    chosen = [mutant for mutant in chosen if "hash" not in mutant.name]  # of states: no run looks at those
    random.Random(options.seed).shuffle(chosen)
    chosen = chosen[: options.sample]
    cases = cases_of_profiles()
    expected = {(kernel, profile): traces(0, cases[profile], kernel)[0] for profile in TRACED for kernel in KERNELS}
    for kernel in KERNELS:
        if catch := first_catch(kernel, 0, 1, ROUNDS[1:], HUNTED_FOR_MUTANTS, STRATEGIES):
            sys.exit(f"{kernel}: without a mutant {catch[1]} is caught")
    results = {}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for mutant, result in zip(chosen, pool.map(lambda each: judged(each, cases, expected), chosen)):
            results[mutant.name] = result
            change, catch = result
            print(f"{len(results)} of {len(chosen)}: {(catch or 'not caught') if change else 'changes no trace'}: {mutant.name}", flush=True)
            (WORK / "by-contracts.json").write_text(json.dumps(results, indent=1))
    return report(results)


def report(results):
    """Prints the score, of those of which some trace differs and of those too whose changed runs all crash."""
    changing = [catch for change, catch in results.values() if change]
    differing = [catch for change, catch in results.values() if change == "differs"]
    print(f"{len(results)} mutants; of {len(differing)} the trace of some case differs, of {len(changing) - len(differing)} more some case has none")

    def by_contract(catches):
        return sum(catch is not None and catch not in (CRASH, mutation.TOO_LONG) for catch in catches)

    score = 100 * by_contract(differing) / max(1, len(differing))
    print(f"caught by a contract: {by_contract(differing)} of those that differ, {score:.1f} %; "
          f"{by_contract(changing)} of all, {100 * by_contract(changing) / max(1, len(changing)):.1f} %")
    print("by: " + ", ".join(f"{name} {count}" for name, count in collections.Counter(filter(None, changing)).most_common()))
    print(f"not noticed: {changing.count(None)}")
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
