#!/usr/bin/env python3
"""Checks that nothing in the sources lets in what a run must not depend on: clocks, addresses, hash order, threads, the
distributions of a standard library. Tests, and what measures or waits, are listed with the reason.

Exit code 0: nothing does. 1: each place, a line, with what to use instead.
"""

import pathlib
import re
import sys

BANNED = [
    (r"\bstd::unordered_\w+", "iterates in hash order: use std::map, a sorted vector, or properties/world/by_id.h"),
    (r"\bstd::random_device\b|\bs?rand\s*\(", "is no choice: ask sim::Choices"),
    (r"\bstd::(?:mt19937|minstd|ranlux|default_random)\w*", "is no choice: use sim::Random"),
    (r"\bstd::\w+_distribution\b", "differs between standard libraries: use sim::Random::below()"),
    (r"\bstd::(?:shuffle|sample)\b", "differs between standard libraries: draw by sim::Choices"),
    (r"\bstd::chrono\b|<chrono>|\b(?:clock_)?gettime(?:ofday)?\s*\(|\btime\s*\(\s*(?:NULL|nullptr|0)\s*\)",
     "is the machine's clock: use Loop::now()"),
    (r"\bthis_thread\b|\bget_id\s*\(|<thread>", "depends on threads: use properties/search/parallel.h"),
    (r"\bstd::hash\b", "differs between standard libraries: use xxhash"),
    (r"\bstd::(?:less|greater)<>?\s*\(\)|std::set<[^,>]*\*|std::map<[^,>]*\*",
     "may order by address: order by a number"),
    (r"\breinterpret_cast<\s*std::u?intptr_t\s*>", "is an address: use a number"),
    (r"\b(?:std::)?getenv\b|\bsetlocale\b|\bstd::locale\b", "depends on the environment"),
    (r"%p\b|\{:p\}|fmt::ptr", "prints an address: print a number"),
    (r"\b__DATE__\b|\b__TIME__\b", "makes two builds differ"),
]

# Files, and why they may.
ALLOWED = {
    "properties/library/": {"chrono": "a worker's limit", "thread": "a worker's limit"},
    "properties/subject/subject.h": {"chrono": "a worker's limit"},
    "properties/subject/limits.cpp": {"chrono": "the limit of a run, which then has no result"},
    "properties/commands/hunt.cpp": {"random_device": "a seed that nobody has chosen", "chrono": "--time"},
    "scenarios/run/event_stream.h": {"std::map": "only finds an error: the order reaches nothing"},
    "properties/search/": {"chrono": "how long a search has taken, and ends by --time", "thread": "workers"},
    "properties/programs/": {"chrono": "how long a search has taken, and ends by --time"},
    "properties/commands/": {"chrono": "--time, and figures", "thread": "the default of --jobs", "getenv": "what CI and a scheduler say"},
    "properties/bench/": {"chrono": "figures", "thread": "figures"},
    "properties/report/report.cpp": {"std::map": "only counts: the order is that of the failures"},
    "properties/report/terminal": {"getenv": "colour"},
    "properties/contracts/errors.h": {"std::": "only tells one exception from another"},
    "sim/asyncio/awaiting.cpp": {"std::": "only finds equal ones: the order reaches nothing"},
    "sim/state_hash.cpp": {"intptr": "an index of a table"},
}
SOURCES = ("sim", "model", "scenarios", "properties")
TEST = re.compile(r"_(?:test|bench)\.cpp$|/testing")


def may(name: str, text: str) -> bool:
    return any(name.startswith(place) and any(word in text for word in words) for place, words in ALLOWED.items())


def faults() -> list[str]:
    found = []
    root = pathlib.Path(__file__).resolve().parent.parent
    for room in SOURCES:
        for path in sorted((root / room).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in (".h", ".cpp") or TEST.search(name):
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                code = line.split("//")[0]
                for pattern, why in BANNED:
                    match = re.search(pattern, code)
                    if match and not may(name, match[0]):
                        found.append(f"{name}:{number}: {match[0]}: {why}")
    return found


if __name__ == "__main__":
    lines = faults()
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
