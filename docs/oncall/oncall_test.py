"""What docs/oncall.md says, on a process that spins. Skipped, by name, where no anyio can be imported.

    oncall_test.py [BINARY]
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
PROPOSAL = HERE.parent.parent / "properties" / "proposal"


def version():
    try:
        import importlib.metadata

        import anyio  # noqa: F401

        return tuple(int(part) for part in re.findall(r"\d+", importlib.metadata.version("anyio"))[:3])
    except ImportError:
        print("SKIPPED: no anyio")
        sys.exit(0)


def started(kind, seconds, imports=""):
    """A process that spins, whose id has been read."""
    code = f"import sys; sys.path[:0] = [{str(HERE)!r}, {str(PROPOSAL)!r}]; sys.argv = ['spin.py', {kind!r}, '{seconds}']\n"
    code += f"{imports}\nimport runpy; runpy.run_path({str(HERE / 'spin.py')!r}, run_name='__main__')"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def ended(process):
    """The processor time that it says it has taken, and what it has written to standard error."""
    output, errors = process.communicate(timeout=60)
    return float(output.split()[0]), errors


def passes(kind, imports=""):
    """How many delivery passes it takes in half a second."""
    count = "from anyio._backends._asyncio import CancelScope as C; d = C._deliver_cancellation; n = [0]\n"
    count += "def f(s, o): n[0] += 1; return d(s, o)\nC._deliver_cancellation = f\n"
    count += "import atexit; atexit.register(lambda: print(n[0], file=sys.stderr))"
    return int(ended(started(kind, 0.5, imports + "\n" + count)[0])[1].split()[-1])


def check(what, holds):
    print(("ok: " if holds else "FAILED: ") + what)
    if not holds:
        sys.exit(1)


def test_who_spins(kind, says):
    if shutil.which("gdb") is None:
        print("skipped: no gdb: who_spins.py in a process that runs")
        return
    process, pid = started(kind, 6, "import spin_watch")
    time.sleep(1)
    attached = subprocess.run(["sh", HERE / "attach.sh", pid, HERE / "who_spins.py"], capture_output=True, text=True, timeout=60)
    errors = ended(process)[1]
    if "who_spins" not in errors and "ptrace" in attached.stderr:
        print("skipped: processes may not be traced here")
        return
    check(f"who_spins.py names the scope and the task of {kind}", "1 of" in errors and says in errors)
    check("and the line that entered the scope", re.search(r"entered at .*spin\.py:\d+", errors))


def main():
    release = version()
    spins = {"refusing": ("upload-3", "has refused to be cancelled", "its waiter refuses")}
    if release < (4, 14, 2):
        spins["done-task"] = ("session-7", "done: it can never leave the scope", "done")
    else:
        check(f"done-task does not spin on {release}", passes("done-task") < 100)
    for kind, (task, of_task, in_log) in spins.items():
        check(f"{kind} spins on {release}", passes(kind) > 500)
        check(f"{kind}: ask_waiter.py stops it", passes(kind, "import ask_waiter") < 100)
        test_who_spins(kind, of_task)
        errors = ended(started(kind, 1, "import spin_watch")[0])[1]
        lines = [line for line in errors.splitlines() if "spins: " in line]
        check(f"{kind}: spin_watch.py logs one line, with the line that entered and the task",
              len(lines) == 1 and re.search(r"spin\.py:\d+ ", lines[0]) and f"{task} ({in_log})" in lines[0])
    errors = ended(started("refusing", 0.2, "import spin_watch, ask_waiter")[0])[1]
    check("spin_watch.py is silent where nothing spins", "spins" not in errors)


if __name__ == "__main__":
    main()
