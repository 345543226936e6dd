"""inputs_test.py BINARY: inputs that once broke the command, and what is right for each.

Every one ends with the exit code that stands below, within 10 s of processor time and 1 GiB, with one line on standard error if
that is 2, and says what it should.
"""
import ast
import os
import pathlib
import subprocess
import sys
import tempfile
import time

INPUTS = pathlib.Path(__file__).resolve().parent / "inputs"
SECONDS = 10
SLOW_SECONDS = 60  # on a machine that does much else
KIBIBYTES = 1 << 20
ENDS_AS_RUNAWAY = '"verdict":"runaway"'

# Arguments (a word in braces is the file of that name; one in double braces what is in it), exit code, and what is printed.
EXPECTED = [
    # 43,000 and more scopes in each other: no recursion over what a case can make long.
    ("trace {stack_overflow.jsonl}", 0, '"verdict"'),
    ("judge --limit 1 --cases 1 {stack_overflow.jsonl}", 1, "no-hot-loop"),
    ("replay {stack_overflow.json}", 2, "stale"),
    ("explain {stack_overflow.json}", 2, "stale"),
    ("export --python {stack_overflow.json}", 2, "stale"),
    ("replay {{stack_overflow.token}}", 2, "stale"),
    ("explain {{stack_overflow.token}}", 2, "stale"),
    # A body that never waits, 2^40 times: a million statements, and then the run is ended, by name.
    ("trace {repeat40.jsonl}", 0, ENDS_AS_RUNAWAY),
    ("trace {repeat_scope.jsonl}", 0, ENDS_AS_RUNAWAY),
    ("trace {repeat_spawn.jsonl}", 0, ENDS_AS_RUNAWAY),
    ("judge --limit 1 --cases 1 {repeat40.jsonl}", 0, "x: "),
    ("judge --limit 1 --cases 1 {repeat_scope.jsonl}", 0, "x: "),
    ("judge --limit 1 --cases 1 {repeat_spawn.jsonl}", 0, "x: "),
    # A sleep of 2^40 - 1 units, nine million times: virtual time does not overflow.
    ("trace {time_overflow.jsonl}", 0, ENDS_AS_RUNAWAY),
    # 100,000 scopes in each other: entering one does not go through all; what does is bounded.
    ("replay --fixes --anyio 4.14.2 {replay_fixes_hang.json}", 0, "kept"),
    ("trace {deep_exits.jsonl}", 0, ENDS_AS_RUNAWAY),
    ("judge --max-time 60s --limit 1 --cases 1 {deep_exits.jsonl}", 0, "x: "),
    # 40,000 deadlines at once, each with its task; 50,000 children of an asyncio group that fail at once.
    ("judge --max-time 60s --limit 1 --cases 1 {many_deadlines.jsonl}", 0, "x: "),
    ("judge --max-time 60s --limit 1 --cases 1 {many_errors.jsonl}", 0, "x: "),
    ("explain --max-time 60s {many_deadlines.jsonl}", 0, "kept"),
    # 1,011 deviations: not all pairs of them are tried.
    ("explain {{explain_hang.token}}", 1, "deferred-self-delivery"),
    # 30,000 children that fail: nothing is quadratic.
    ("judge --limit 1 --cases 1 {slow_verify_30k.jsonl}", 0, "x: "),
    # A note that is not UTF-8; one that looks like a mark of the template.
    ("explain --json {{exit3_explain_json.token}}", 0, "{"),
    ("export --python {export_IMPORTS_note.json}", 0, "Python"),
    ("export --python {export_badpy_3.json}", 0, "Python"),
    # A message is one line, whatever it quotes.
    ("replay {{multiline_message.token}}", 2, "token"),
    # Limits are named.
    ("trace {repeat_spawn.jsonl} --max-memory 64M", 2, "--max-memory"),
    ("judge --limit 1 --cases 1 {repeat_spawn.jsonl} --max-memory 64M", 2, "--max-memory"),
    ("trace {time_overflow.jsonl} --max-time 0.001s", 2, "--max-time"),
    ("judge --limit 1 --cases 1 {time_overflow.jsonl} --max-time 0.001s", 2, "--max-time"),
    ("--max-time 0.001s trace {time_overflow.jsonl}", 2, "--max-time"),
]


def word_of(text):
    if text.startswith("{{"):
        return (INPUTS / text.strip("{}")).read_text().rstrip("\n")
    return str(INPUTS / text.strip("{}")) if text.startswith("{") else text


def run(words):
    """Exit code, output, errors, seconds of processor time, KiB at most."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=output, stderr=errors, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0), errors.seek(0)
        return process.returncode, output.read().decode("utf-8", "replace"), errors.read().decode("utf-8", "replace"), usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def fault_of(binary, arguments, code, printed):
    begun = time.monotonic()
    got, output, errors, seconds, kibibytes = run([binary, *map(word_of, arguments.split())])
    elapsed = time.monotonic() - begun
    if got != code:
        return f"exit code {got}, not {code}: {(errors or output)[-200:]}"
    if seconds > SECONDS or elapsed > SLOW_SECONDS or kibibytes > KIBIBYTES:
        return f"{seconds:.1f} s of processor time, {elapsed:.1f} s in all, {kibibytes >> 10} MiB"
    if code == 2 and (errors.count("\n") != 1 or len(errors) > 301 or output):
        return f"not one line of at most 300 characters: {errors[:400]!r} {output[:100]!r}"
    if printed == "Python":
        ast.parse(output)
    elif printed not in (errors if code == 2 else output):
        return f"no {printed!r} in {(errors if code == 2 else output)[:300]!r}"
    return None


def main():
    binary = sys.argv[1]
    faults = 0
    for arguments, code, printed in EXPECTED:
        fault = fault_of(binary, arguments, code, printed)
        if fault:
            faults += 1
            print(f"{arguments}: {fault}")
    print(f"{len(EXPECTED)} runs, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
