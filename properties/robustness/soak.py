#!/usr/bin/env python3
"""soak.py BINARY [--other BINARY] [--time 2h] [--jobs N]: hunts for long, and looks at how much memory that takes.

A hunt ends with 0 or 1. After the first minute (or half of a shorter hunt) it takes no more memory than by then, but for a
twentieth and 4 MiB. What it printed last, the binary of another build prints too: the first schedules of the same seed are run by both.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import time

SECONDS = {"s": 1, "m": 60, "h": 3600}
PAGE_KIB = 4
SPARE_KIB = 4096


def seconds_of(text):
    return float(text[:-1]) * SECONDS[text[-1]]


def resident_kib(process):
    try:
        return int(pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * PAGE_KIB
    except (OSError, IndexError):
        return 0


def sample(binary, seed, cases):
    """What a hunt prints, but for the time that it took."""
    words = [binary, "hunt", "--seed", str(seed), "--cases", str(cases), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{binary}: exit {done.returncode}: {done.stderr[-300:]}")
    return re.sub(r'"seconds":[0-9.e-]+', "", done.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("binary")
    options.add_argument("--other", help="the same command, built otherwise")
    options.add_argument("--time", default="2h")
    options.add_argument("--jobs", default="2")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sample", type=int, default=20_000, help="schedules that both binaries run")
    chosen = options.parse_args()
    length = seconds_of(chosen.time)
    words = [chosen.binary, "hunt", "--time", chosen.time, "--jobs", chosen.jobs, "--seed", str(chosen.seed), "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    begun = time.monotonic()
    first = later = shown = 0
    while process.poll() is None:
        passed = time.monotonic() - begun
        now = resident_kib(process)
        if passed < min(60, length / 2):
            first = max(first, now)
        else:
            later = max(later, now)
        if passed >= shown:
            print(f"{passed:6.0f} s  {now / 1024:.1f} MiB", flush=True)
            shown += max(length / 20, 1)
        time.sleep(0.2)
    output, errors = process.communicate()
    if process.returncode not in (0, 1):
        sys.exit(f"exit {process.returncode}: {errors[-300:]}")
    summary = json.loads(output.splitlines()[-1])["summary"]
    print(f"{summary['schedules']} schedules; at most {first / 1024:.1f} MiB at first, {later / 1024:.1f} MiB later")
    if later > first * 1.05 + SPARE_KIB:
        sys.exit("it takes more and more memory")
    if chosen.other:
        if sample(chosen.binary, chosen.seed, chosen.sample) != sample(chosen.other, chosen.seed, chosen.sample):
            sys.exit("the other build gives other digests")
        print(f"the first {chosen.sample} schedules: the same output by both builds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
