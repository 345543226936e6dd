#!/usr/bin/env python3
"""kills.py BINARY [--kills N] [--cases N]: kills a hunt that saves, with SIGKILL, at random moments, and lets it go on.

At the end the folder must hold the same failures as that of a hunt that nobody killed, all of them whole, and the same totals;
and each failure that was printed must have been saved.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile


# What is of a hunt's last part alone.
OF_THE_LAST_PART = {"seconds", "earlier"}


def failures(folder):
    """By contract and case: the same whatever a file is called. Raises ValueError for one that is not whole."""
    found = set()
    for path in sorted(folder.glob("*.json")):
        saved = json.loads(path.read_text())
        if "contract" in saved:
            found.add(path.read_text())
    return found


def totals(output):
    return json.loads(output.splitlines()[-1])["summary"]


def hunt(binary, options, seconds=None):
    """Runs to its end, or for so long. Returns what it printed, and whether it came to its end."""
    process = subprocess.Popen([binary, "hunt", "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        return process.communicate(timeout=seconds)[0], True
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0], False


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--cases", type=int, default=300_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--longest", type=float, default=1.5, help="seconds until a kill, at most: more on a busy machine")
    chosen = options.parse_args()
    draw = random.Random(chosen.seed)
    base = ["--seed", "1", "--cases", str(chosen.cases), "--anyio", "4.13.0"]
    kills = hunts = 0
    with tempfile.TemporaryDirectory() as root:
        whole = pathlib.Path(root, "whole")
        whole.mkdir()
        output, _ = hunt(chosen.binary, [*base, "--save", str(whole)])
        expected, wanted = failures(whole), totals(output)
        while kills < chosen.kills:
            hunts += 1
            folder = pathlib.Path(root, f"killed{hunts}")
            folder.mkdir()
            arguments, done = [*base, "--save", str(folder)], False
            while not done:
                output, done = hunt(chosen.binary, arguments, draw.uniform(0.01, chosen.longest))
                if not done:
                    kills += 1
                for path in folder.iterdir():
                    if path.suffix == ".json":
                        json.loads(path.read_text())
                for line in output.splitlines():
                    if line.endswith("}") and "file" in (printed := json.loads(line)) and not pathlib.Path(printed["file"]).exists():
                        sys.exit(f"printed, and not saved: {line}")
                if any(folder.glob("hunt-*.state")):
                    arguments = ["--resume", str(folder)]
            if failures(folder) != expected:
                sys.exit(f"hunt {hunts}: {len(failures(folder) ^ expected)} failures differ")
            different = {key for key in wanted if totals(output).get(key) != wanted[key]} - OF_THE_LAST_PART
            if different:
                sys.exit(f"hunt {hunts}: other totals: {', '.join(sorted(different))}")
    print(f"{kills} kills in {hunts} hunts: {len(expected)} failures each, the same totals")
    return 0


if __name__ == "__main__":
    sys.exit(main())
