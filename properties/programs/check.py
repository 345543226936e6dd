#!/usr/bin/env python3
"""Judges the programs in examples/ on the interpreters that there are, and compares what is found with what their headers say.

    check.py CANCELSIM [--on PYTHON]... [--schedules N] [PROGRAM...]

A line for each program and interpreter. Exit code 0: all is as the headers say; 1: something is not; 77: no interpreter of those
has an anyio that is known.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).resolve().parent / "examples"

# By kind, as the headers have it, the contracts that break because of it.
CONTRACTS_OF = {
    "spin": {"no-hot-loop", "no-livelock", "no-rearm-without-live-tasks"},
    "foreign-cancellation": {"no-spurious-cancel", "orphaned-scope", "shield-holds", "start-handshake"},
    "lost-cancellation": {"timeout-is-ours", "redelivery", "deferred-self-delivery"},
    "consumed-cancellation": {"consumed-cancellation"},
    "uncancel-balance": {"uncancel-balance", "cancellers-balance"},
    "timeout": {"timeout-is-ours"},
    "permits": {"permits-balance", "no-lost-permit"},
    "items": {"items-arrive", "end-of-stream"},
    "lost-wakeup": {"no-lost-wakeup", "notify-reaches", "items-arrive", "no-lost-permit"},
    "lost-error": {"error-never-retrieved", "error-never-seen", "errors-arrive", "asyncio-group"},
    "exception-leaves-main": {"exception-leaves-main"},
    "task-left-alive": {"task-left-alive"},
    "endless-wait": {"endless-wait"},
    "misuse": {"exit-in-wrong-task", "exit-out-of-order"},
}
EXPECT = re.compile(r"# expect: (?:broken (\S+)|fine) on (?:anyio ([\d., ]+) / )?python ([\d., ]+)$", re.MULTILINE)


def listed(text):
    return [each.strip() for each in text.split(",")] if text else None


def expected(text, anyio, python):
    """What the header says of these releases: whether it says anything, and the kinds that must be found."""
    speaks, kinds = False, set()
    for kind, on_anyio, on_python in EXPECT.findall(text):
        if (on_anyio and anyio not in listed(on_anyio)) or python.rsplit(".", 1)[0] not in listed(on_python):
            continue
        speaks = True
        if kind:
            kinds.add(kind)
    return speaks, kinds


def judge(cancelsim, program, python, *options):
    command = [cancelsim, "judge", str(program) + ":main", "--on", python, "--jobs", "1", "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode > 1:
        return None, done.stderr.strip()
    return json.loads(done.stdout), None


def complaint(text, judged, kinds):
    """What is not as it should be; empty where all is."""
    found = {failure["contract"] for failure in judged["failures"]}
    missing = sorted(kind for kind in kinds if not found & CONTRACTS_OF[kind])
    if missing:
        return f"not found: {', '.join(missing)}; found: {', '.join(sorted(found)) or 'nothing'}"
    if not kinds and judged["verdict"] not in ("kept", "known"):
        said = [f"{each['contract']} at {each['place']}" for each in judged["failures"] if each["verdict"] in ("broken", "program")]
        return "a false alarm: " + ", ".join(said)
    return ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cancelsim")
    parser.add_argument("--on", action="append")
    parser.add_argument("--schedules", type=int, default=300)
    parser.add_argument("programs", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    programs = arguments.programs or sorted(EXAMPLES.glob("*.py"))
    failed, ran = False, False
    for python in arguments.on or ["python3"]:
        for program in programs:
            text = program.read_text()
            needs = re.search(r"# needs: (\w+)", text)
            options = ["--limit", str(arguments.schedules), "--cases", str(arguments.schedules)]
            if needs and needs[1] == "nothing":
                options += ["--inject", "0"]
            judged, why = judge(arguments.cancelsim, program, python, *options)
            if judged is None and not ran and re.search("No module named 'anyio'|the contracts know|cannot run|No such file", why):
                print(f"skipped: {why}")
                break
            ran = True
            if judged is None:
                failed = True
                print(f"{program.name} on {python}: {why}")
                continue
            speaks, kinds = expected(text, judged["anyio"], judged["python"])
            what = complaint(text, judged, kinds) if speaks else "not spoken of"
            failed = failed or (speaks and bool(what))
            where = f"anyio {judged['anyio']}, Python {judged['python']}"
            print(f"{program.name} on {where}: {what or 'as expected'} ({judged['schedules']} schedules, {judged['seconds']:.1f} s)")
    return 1 if failed else 0 if ran else 77


if __name__ == "__main__":
    sys.exit(main())
