#!/usr/bin/env python3
"""What of model/ the recorded corpora reach: lines and branches, by gcov.

    CANCELSIM_PRESET=coverage ./cancelsim conform && python3 model/coverage.py build/coverage

Needs gcovr. Left out are what only a defect's switch reaches (the corpora are recorded from the real library, which has
none), the hash of the state, which only the exhaustive search asks for, and the lines of EXCLUDED, each with its reason.
Exit code 0 if every other line is reached, and 95 % of the branches.
"""
import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES_LEFT_OUT = r"model/(defects|state_hash)\.|_test\.cpp"

# Functions that only a defect's switch calls, and those that only the hash of the state calls.
FUNCTIONS_LEFT_OUT = (
    "native_cancels|ask_again_for_native_cancel|host_is_shielded_in|waits_on_bare_future|ByAddress|asked_with|choose|"
    "defer_cancellation|uncancel_host|under_shield|resume_shielded_start|ShieldedStart|add_\\w+_frame"
)

EXCLUDED = [  # a pattern of the source line, and why no case reaches it, or not both ways
    (r"if \(active\) return kernel.raise", "no statement enters a scope twice: `enter` makes a new one"),
    (r"if \(entered\) return kernel.raise", "no statement enters a group twice"),
    (r"cancel_scope->enter\(kernel\)\) return error", "the scope of a new group is new"),
    (r"!host.has_state", "a host has its TaskState until it is done"),
    (r"exit.raised != nullptr", "the library's own scopes are left by the task that entered them, innermost first"),
    (r"split\.|matched == 0|is_cancelled\(\) && kernel.is_anyio|SplitGroup|derive|matching|left == 0|rest|"
     r"new_exception_group\(arena, exceptions, count\);|group->context = |return group;|^    \};|cancelled_caught = true",
     "no statement puts a CancelledError into an exception group"),
    (r"tasks.contains\(task\)|assertion_error\)\);$|^        return;$", "a group's task is always in its innermost scope's tasks"),
    (r"!lost", "only with a defect"),
    (r"finished_event.is_set", "`start` cancels only a pending handle"),
    (r"find_|->name == name|return nullptr;|: k\w+\)", "looks up a name of the command line"),
]


def body_ranges(lines):
    """The lines of the functions that are left out: from the line that names one to the brace that ends it."""
    out = set()
    start = re.compile(rf"^[^/]*\b({FUNCTIONS_LEFT_OUT})\b[^;]*(\{{|,)$")
    for first, text in enumerate(lines):
        if not start.match(text):
            continue
        indent = len(text) - len(text.lstrip())
        for last in range(first, len(lines)):
            out.add(last + 1)
            if last > first and re.match(rf"^ {{{indent}}}\}}", lines[last]):
                break
    return out


def left_out(lines, number):
    near = "\n".join(lines[max(0, number - 3) : number + 1])
    return "Bug::" in near or "Fix::" in near or any(re.search(pattern, lines[number - 1]) for pattern, _ in EXCLUDED)


def main(build):
    command = ["gcovr", "-r", str(ROOT), "--object-directory", build, "-f", str(ROOT / "model") + "/", "--json",
               "--exclude-throw-branches", "--exclude-unreachable-branches", build]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    lines_all = lines_hit = branches_all = branches_hit = 0
    for file in report["files"]:
        if re.search(FILES_LEFT_OUT, file["file"]):
            continue
        source = (ROOT / file["file"]).read_text().split("\n")
        skipped = body_ranges(source)
        for line in file["lines"]:
            number = line["line_number"]
            if line.get("gcovr/noncode") or number in skipped or left_out(source, number):
                continue
            lines_all += 1
            lines_hit += line["count"] > 0
            taken = [branch["count"] > 0 for branch in line["branches"]]
            branches_all += len(taken)
            branches_hit += sum(taken)
            if not line["count"] or not all(taken):
                print(f"{file['file']}:{number}: {source[number - 1].strip()}")
    print(f"lines {lines_hit} of {lines_all}, branches {branches_hit} of {branches_all} "
          f"({100 * branches_hit / max(branches_all, 1):.1f} %)")
    return 0 if lines_hit == lines_all and branches_hit >= 0.95 * branches_all else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", help="the folder of the build, such as build/coverage")
    chosen = options.parse_args()
    if shutil.which("gcovr") is None:
        options.error("gcovr is not installed")
    sys.exit(main(chosen.build))
