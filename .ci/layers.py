#!/usr/bin/env python3
"""Checks the house: each folder includes only itself and the folders before it, and none grows past 25 files. Switches
over enums of ours have no `default:`, so that the compiler names what a new value lacks; events and contracts have
neither `void*` nor casts; and C++ has no Python, nor any other text, in literals of several lines.

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
# The numbers, characters and places in frames that a switch may be over, with a `default:`.
NO_ENUM = re.compile(r"^(at|each|.*\.below\(\d+\)|.* % \d+)$")
SWITCH = re.compile(r"( *)switch \((.*)\) \{")
# What is made of events alone.
TYPED = re.compile(r"/events\.h$|^properties/world/world\.|^properties/contracts/(mechanism|programs|promises)/")
UNTYPED = re.compile(r"\bvoid ?\*|\b(static|reinterpret|const|dynamic)_cast<[^<>]*[*&]>")
TEST = re.compile(r"_test\.cpp$|testing\.h$")


def layer_of(path: pathlib.PurePosixPath) -> str:
    for parent in path.parents:
        if str(parent) in LAYERS:
            return str(parent)
    return str(path.parent)


def faults_of_style(name: str, text: str) -> list[str]:
    found = []
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if re.match(r" *default:", line):
            before = (SWITCH.match(each) for each in reversed(lines[: number - 1]))
            indent = len(line) - len(line.lstrip())
            switch = next((each for each in before if each and len(each[1]) < indent), None)
            if switch is None or not NO_ENUM.match(switch[2]):
                found.append(f"{number}: `default:` over an enum")
        if TYPED.search(name) and UNTYPED.search(line.split("//")[0]):
            found.append(f"{number}: `void*` or a cast")
    if not TEST.search(name):
        for match in re.finditer(r'R"(\w*)\((.*?)\)\1"', text, re.DOTALL):
            if "\n" in match[2]:
                found.append(f"{text.count(chr(10), 0, match.start()) + 1}: a literal of several lines: put it into a file")
    return found


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
            text = path.read_text()
            found += [f"{name}:{fault}" for fault in faults_of_style(name, text)]
            if here not in LAYERS:
                continue
            for number, line in enumerate(text.splitlines(), 1):
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
