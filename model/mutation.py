#!/usr/bin/env python3
"""The mutation score of model/: how many small mistakes in it the suite notices. See MUTATION.md.

    python3 model/mutation.py                  # builds, runs every mutant, prints the score
    python3 model/mutation.py --survivors      # runs again only those that no run noticed last time
    python3 model/mutation.py --only PATTERN   # runs those whose name matches
    python3 model/mutation.py --list           # only prints them

It works on a copy in build/mutation. All mutants are compiled into one program; CANCELSIM_MUTANT says which of them acts.
A mutant is killed where a run fails, crashes, or takes many times as long as without it.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from mutants import File

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutation"
COPY = WORK / "source"
BUILD = WORK / "build"
DOCUMENT = ROOT / "model" / "MUTATION.md"
TOO_LONG = "takes too long"
GOAL = 97  # per cent of those that are not equivalent

# What of the suite has a kernel run, and most of what is quick; the rest comes last, less what `conform` has done.
RUNS_CASES = "--source-file=*/defects_test.cpp,*/facts_test.cpp"
QUICK = "--source-file=*/digests_test.cpp,*/named_scenarios_test.cpp,*/findings_test.cpp,*/contracts_*,*/event_driven_*"
CONFORM_AGAIN = "--test-case-exclude=the model gives every recorded trace*"

LEFT_OUT = re.compile(r"_test\.cpp$|/testing\.h$|/mutant\.h$")
MUTANT_H = """// Which mutant acts: 0 is none.
#pragma once
#include <fcntl.h>
#include <unistd.h>
#include <atomic>
#include <cstdlib>
namespace cancelsim {
inline const int acting_mutant = std::getenv("CANCELSIM_MUTANT") ? std::atoi(std::getenv("CANCELSIM_MUTANT")) : 0;
/// Leaves a file behind, so that a mutant that nothing reaches is told from one that nothing notices.
[[gnu::noinline, gnu::cold]] inline bool mutant_reached() {
    static std::atomic<bool> known = false;
    const char* file = std::getenv("CANCELSIM_MUTANT_REACHED");
    if (!known.exchange(true) && file != nullptr) ::close(::open(file, O_CREAT | O_WRONLY, 0644));
    return true;
}
inline bool mutant(int number) { return number == acting_mutant && mutant_reached(); }
}  // namespace cancelsim
"""


def write(path, text):
    """Only where it differs, so that no more is built than must be."""
    if path.exists() and path.read_bytes() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)


def copy_tree():
    """The tree without its mutants, and which of its files get some."""
    files = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard"], check=True,
                           capture_output=True, text=True).stdout.split("\n")
    mutated = []
    for name in sorted(filter(None, files), key=lambda name: (not name.endswith(".h"), name)):  # headers change least
        if re.match(r"model/.*\.(h|cpp)$", name) and not LEFT_OUT.search(name):
            mutated.append(name)
        elif (ROOT / name).is_file():
            write(COPY / name, (ROOT / name).read_bytes())
    write(COPY / "model" / "mutant.h", MUTANT_H.encode())
    return mutated


def write_mutants(files, dropped, change):
    mutants = []
    for name in files:
        file = File(name.removeprefix("model/"), change(name, (ROOT / name).read_text()), len(mutants) + 1, dropped)
        mutants += file.mutants
        text = file.text.replace("#include", '#include "model/mutant.h"\n#include', 1) if file.mutants else file.text
        write(COPY / name, text.encode())
    return mutants


def errors_of(output):
    """The numbers of the mutants that do not compile: of the line, or, where it is another return of a lambda, of one before."""
    numbers = set()
    for file, line in set(re.findall(r"^([^\s:]+):(\d+):\d+: (?:fatal )?error:", output, re.MULTILINE)):
        lines = (BUILD / file).resolve().read_text().split("\n")[max(0, int(line) - 8) : int(line)]
        found = [int(each[0]) for each in map(re.compile(r"mutant\((\d+)\)").findall, reversed(lines)) if each]
        numbers.update(found[:1])
    return numbers


def build(files, targets=("all",), change=lambda name, text: text):
    """Builds until all that is left compiles; returns the mutants that do. `change` is what a file is before it is mutated."""
    known = WORK / "not-compiling.json"
    dropped = set(json.loads(known.read_text())) if known.exists() else set()
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    mutants = write_mutants(files, dropped, change)
    subprocess.run(["cmake", "-S", COPY, "-B", BUILD, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                    "-DCMAKE_CXX_FLAGS_RELEASE=-O1", "-DCMAKE_CXX_FLAGS=-w -fmax-errors=0", *launcher], check=True,
                   stdout=subprocess.DEVNULL)
    for target in ("model", *targets):
        while True:
            run = subprocess.run(["ninja", "-C", BUILD, "-j2", "-k0", target], capture_output=True, text=True)
            if run.returncode == 0:
                break
            numbers = errors_of(run.stdout)
            if not numbers:
                sys.exit(run.stdout[-5000:])
            dropped |= {mutants[number - 1].name for number in numbers if number <= len(mutants)}
            print(f"{len(dropped)} do not compile", flush=True)
            known.write_text(json.dumps(sorted(dropped)))
            mutants = write_mutants(files, dropped, change)
    return [mutant for mutant in mutants if mutant.name not in dropped]


def environment(number, reached=""):
    return {**os.environ, "CANCELSIM_MUTANT": str(number), "CANCELSIM_MUTANT_REACHED": str(reached),
            "RC_PARAMS": "seed=1"}


def run(command, number=0, reached="", limit=600):
    """How it ended, None if well, and the output. It may take `limit` seconds on the processor."""
    def bound():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    done = subprocess.run([BUILD / command[0], *command[1:]], cwd=BUILD, env=environment(number, reached),
                          preexec_fn=bound, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_LONG, done.stdout
    return None if done.returncode == 0 else "fails" if done.returncode > 0 else "crashes", done.stdout


def names_under(listing, heading):
    part = re.search(rf"^{heading} .*\n((?:  .*\n)+)", listing, re.MULTILINE)[1]
    return re.findall(r"^  (\S+)", part, re.MULTILINE)


def hunts():
    """Every policy on every release, and every defect, by seeds that are fixed."""
    listing = run(["cancelsim", "list"])[1].decode()
    every = [["--policy", policy, "--kernel", kernel] for policy in names_under(listing, "policies")
             for kernel in names_under(listing, "releases of anyio")]
    every += [["--defect", defect, "--kernel", "4.14.2" if defect in ("837", "start-error", "start-waits") else "4.13.0"]
              for defect in names_under(listing, "bugs") + names_under(listing, "fixes") if defect != "address"]  # it differs from run to run
    return [["cancelsim", "hunt", "--json", "--no-shrink", "--jobs", "1", "--seed", "1", "--cases", "3000", *which]
            for which in every]


def broken_in(result):
    """How a hunt ended, and which contracts it saw broken, at which kinds of places."""
    ended, output = result
    return ended, sorted(set(re.findall(rb'^{"contract":"(.*?)","place":"(.*?)"', output, re.MULTILINE)))


class Stages:
    """What a mutant goes through, cheapest first, until something notices it."""

    def __init__(self):
        commands = [["model_tests", "--abort-after=1"],
                    ["cancelsim", "conform", str(COPY / "scenarios" / "named")],
                    ["scenarios_tests", "--abort-after=1", RUNS_CASES],
                    ["cancelsim", "conform"],
                    ["properties_tests", "--abort-after=1", QUICK],
                    ["properties_tests", "--abort-after=1", QUICK.replace("file", "file-exclude"), CONFORM_AGAIN]]
        self.stages = []
        for command in commands:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            ended, output = run(command)
            if ended:
                sys.exit(f"{command} {ended} without a mutant:\n{output.decode()[-3000:]}")
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            name = " ".join(command[:2]) if command[0] == "cancelsim" else command[0]
            self.stages.append((name, command, 3 + int(8 * seconds)))
        self.hunts = [(command, broken_in(run(command))) for command in hunts()]
        self.equivalents = equivalents()

    def kills(self, mutant):
        """Which stage notices the mutant, and how; (None, "not reached" or "not noticed") if none does."""
        reached = WORK / "reached" / str(mutant.number)
        reached.unlink(missing_ok=True)
        is_equivalent = mutant.name in self.equivalents  # no more than a look whether that is wrong
        for name, command, limit in self.stages[:-1] if is_equivalent else self.stages:
            ended, _ = run(command, mutant.number, reached, limit)
            if ended:
                return name, ended
        if is_equivalent:
            return None, "equivalent"
        policy = re.match(r"policies/(\w+)\.cpp", mutant.file)
        for command, expected in self.hunts if reached.exists() else []:
            if policy and policy[1] not in command:
                continue
            if broken_in(run(command, mutant.number, reached, 10)) != expected:
                return "cancelsim hunt", "differs"
        return None, "not noticed" if reached.exists() else "not reached"


def equivalents():
    """Those that MUTATION.md calls equivalent: the list items that are all code, each under its reason."""
    return set(re.findall(r"^  - `(.*)`$", DOCUMENT.read_text(), re.MULTILINE)) if DOCUMENT.exists() else set()


def report(mutants, results):
    """Prints the score of those that have run; returns whether it is as good as it must be."""
    equal = equivalents()
    run_ones = [mutant for mutant in mutants if mutant.name in results]
    stages = collections.Counter(results[mutant.name][0] for mutant in run_ones)
    survived = [mutant for mutant in run_ones if results[mutant.name][0] is None and mutant.name not in equal]
    wrong = [name for name in sorted(equal) if results.get(name, [None])[0] is not None]
    gone = sorted(equal - {mutant.name for mutant in mutants})
    for mutant in survived:
        print(f"{results[mutant.name][1]}: model/{mutant.file}:{mutant.line}: {mutant.name}")
    for name in wrong:
        print(f"called equivalent, and is not: {name}")
    for name in gone:
        print(f"called equivalent, and is not there: {name}")
    killed = sum(count for stage, count in stages.items() if stage)
    print(f"{len(run_ones)} mutants: {killed} killed, {stages[None] - len(survived)} equivalent, {len(survived)} survived")
    print("killed by: " + ", ".join(f"{stage} {count}" for stage, count in stages.most_common() if stage))
    score = 100 * killed / max(1, killed + len(survived))
    print(f"{score:.1f} % of those that are not equivalent are killed")
    return score >= GOAL and not wrong and not gone


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", action="store_true", help="only print the mutants")
    parser.add_argument("--survivors", action="store_true", help="run only those that survived last time")
    parser.add_argument("--only", metavar="PATTERN", help="run only those whose name matches")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()

    (WORK / "reached").mkdir(parents=True, exist_ok=True)
    files = copy_tree()
    mutants = build(files)
    print(f"{len(mutants)} mutants", flush=True)
    if options.list:
        for mutant in mutants:
            print(f"{mutant.number} {mutant.name}")
        return 0

    kept = WORK / "results.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    chosen = [mutant for mutant in mutants
              if (not options.only or re.search(options.only, mutant.name))
              and (not options.survivors or results.get(mutant.name, [None])[0] is None)]
    stages = Stages()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done, (mutant, result) in enumerate(zip(chosen, pool.map(stages.kills, chosen)), 1):
            results[mutant.name] = result
            if result[0] is None and result[1] != "equivalent":
                print(f"{result[1]}: {mutant.number} {mutant.name}", flush=True)
            if done % 50 == 0 or done == len(chosen):
                print(f"{done} of {len(chosen)}", flush=True)
                kept.write_text(json.dumps(results, indent=1))
    return 0 if report(mutants, results) else 1


if __name__ == "__main__":
    sys.exit(main())
