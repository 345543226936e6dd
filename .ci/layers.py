#!/usr/bin/env python3
"""Checks the house: each folder includes only itself and the folders before it, and none grows past 25 files.

Exit code 0: it stands. 1: each fault, a line.
"""

import collections
import pathlib
import re
import sys

# A folder that is not listed counts as the one above it.
LAYERS = [
    "sim",
    "model",
    "scenarios/program",
    "scenarios/run",
    "scenarios/shrink",
    "scenarios/generate",
    "scenarios/objects",
    "scenarios/statements",
    "scenarios/recorded",
    "scenarios/python",
    "properties/subject",
    "properties/world",
    "properties/library",
    "properties/contracts",
    "properties/failure",
    "properties/search",
    "properties/programs",
    "properties/recorded",
    "properties/report",
    "properties/export",
    "properties/bench",
    "properties/commands",
    "properties/robustness",
]
MOST_FILES = 25
INCLUDE = re.compile(r'#include "((?:sim|model|scenarios|properties)/[^"]+)"')
TEST = re.compile(r"_test\.cpp$|testing\.h$")


def layer_of(path: pathlib.PurePosixPath) -> str:
    for parent in path.parents:
        if str(parent) in LAYERS:
            return str(parent)
    return str(path.parent)


def faults() -> list[str]:
    found = []
    files = collections.Counter()
    root = pathlib.Path(__file__).resolve().parent.parent
    for room in ("sim", "model", "scenarios", "properties"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            name = path.relative_to(root).as_posix()
            here = layer_of(pathlib.PurePosixPath(name))
            if not TEST.search(name):
                files[str(pathlib.PurePosixPath(name).parent)] += 1
            if here not in LAYERS:
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                there = layer_of(pathlib.PurePosixPath(match[1]))
                if there not in LAYERS or LAYERS.index(there) > LAYERS.index(here):
                    found.append(f"{name}:{number}: {here} includes {match[1]}")
    found += [f"{folder}: {n} files, more than {MOST_FILES}" for folder, n in sorted(files.items()) if n > MOST_FILES]
    return found


if __name__ == "__main__":
    lines = faults()
    print("\n".join(lines))
    sys.exit(1 if lines else 0)
