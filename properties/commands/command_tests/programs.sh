# Programs of people's own on the real anyio: what breaks has a place, a token that replays and explains, and exit code 1.
# Skipped without an anyio that is modelled: PYTHON is the interpreter, PYTHONPATH where its anyio is.
set -eu
cancelsim=$1
# the binary may be given by a relative path
case $cancelsim in /*) ;; *) cancelsim=$PWD/$cancelsim ;; esac
python=${PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  echo "$*"
  cat out err
  exit 1
}
# expect CODE ARGUMENT...: runs the command, whose exit code must be CODE.
expect() {
  code=$1
  shift
  got=0
  "$cancelsim" "$@" >out 2>err || got=$?
  [ "$got" = "$code" ] || fail "cancelsim $*: exit code $got, not $code"
}
# says TEXT, complains TEXT: it is in what was printed, or in the one line on standard error.
says() { grep -qF -- "$1" out || fail "it does not say: $1"; }
complains() {
  grep -qF -- "$1" err || fail "it does not complain: $1"
  [ "$(wc -l <err)" = 1 ] || fail "more than one line"
}

cat >fine.py <<'END'
import anyio

async def child():
    while True:
        await anyio.sleep(1)

async def main():
    with anyio.move_on_after(3):
        async with anyio.create_task_group() as group:
            group.start_soon(child)
END
"$cancelsim" judge fine.py --on "$python" >out 2>err || {
  grep -qE "No module named 'anyio'|the contracts know|cannot run|No such file" err || fail "judge fine.py"
  echo "skipped: $(cat err)"
  exit 77
}
says "fine.py: kept"
says "2 of 2 awaits of your program were interrupted"

# A cancellation that comes while it connects: the place is that of the wait that never ends.
cat >worker.py <<'END'
import asyncio

class Worker:
    def __init__(self):
        self.running = asyncio.Event()

    async def run(self):
        await asyncio.sleep(0.02)
        self.running.set()
        await asyncio.sleep(10)

async def main():
    worker = Worker()
    task = asyncio.create_task(worker.run())
    await worker.running.wait()
    task.cancel()
    await asyncio.wait([task])
END
expect 0 judge worker.py --on "$python" --inject 0
expect 1 judge worker.py --on "$python" --contract endless-wait --json
says '"contract":"endless-wait"'
says '"line":15,"function":"main","source":"await worker.running.wait()"'
says '"injections":1'
token=$(sed 's/.*"token":"\([^"]*\)".*/\1/' out)
case $token in cs2:program,*) ;; *) fail "$token: not a token of a program" ;; esac
expect 1 replay "$token" --on "$python"
says "endless-wait at: parked in event"
says "1 cancellation from outside"
expect 1 explain "$token" --on "$python"
says "outside cancels task \`Worker.run\`"
says "worker.py:8 (Worker.run: \`await asyncio.sleep(0.02)\`)"
says "without the last cancellation from outside"
expect 2 replay "$token"
complains "--on PYTHON"
expect 1 hunt --program worker.py --on "$python" --cases 50 --seed 1 --jobs 2 --contract endless-wait --save saved
expect 1 replay "$(echo saved/endless-wait-*.txt)" --on "$python"
says "endless-wait at: parked in event"
# The same with one job and with two.
expect 1 judge worker.py --on "$python" --cases 200 --json --jobs 1
sed 's/"seconds":[^,]*//' out >one
expect 1 judge worker.py --on "$python" --cases 200 --json --jobs 2
sed 's/"seconds":[^,]*//' out | cmp - one || fail "jobs change what is found"
# What is accepted does not count; on the same library nothing changes.
sed -n 's/.*"accept":"\(endless-wait[^"]*\)".*/\1/p' one >accepted
[ "$(cat accepted)" = "endless-wait worker.py:main" ] || fail "$(cat accepted): not what accepts it"
expect 0 judge worker.py --on "$python" --cases 200 --contract endless-wait --accept accepted
says "accepted endless-wait"
expect 2 judge worker.py --on "$python" --accept worker.py
complains "worker.py:1: no contract is called"
expect 0 judge worker.py --on "$python" --cases 20 --against "$python"
says "what breaks is the same on both"
echo >>worker.py
expect 2 replay "$token" --on "$python"
complains "stale: worker.py has changed since"

# Promises of its own, a failed assert, a function that is not main, choose().
cat >own.py <<'END'
import asyncio
import anyio
import cancelsim

async def promises():
    done = []
    cancelsim.at_rest(lambda: done == [1])
    await anyio.sleep(1)
    done.append(1)

class Dice:
    async def throw(self):
        assert cancelsim.choose(6) != 4, "thrown"

async def raises():
    raise SystemExit(3)

async def fails():
    raise ValueError("lost")

async def forgets():
    asyncio.create_task(fails())
    await asyncio.sleep(1)
END
expect 1 judge own.py:promises --on "$python" --contract own-promise --json
says '"place":"at_rest"'
says '"line":7'
expect 0 judge own.py:promises --on "$python" --inject 0
expect 1 judge own.py:Dice.throw --on "$python" --inject 0
says "AssertionError: thrown, raised in own.py:13"
expect 1 judge own.py:raises --on "$python" --inject 0
says "SystemExit: 3"
expect 1 judge own.py:forgets --on "$python" --inject 0
says "error-never-retrieved at of a task, own.py:19 (fails: "

# What cannot be, with its line.
printf 'import socket\nasync def main():\n    socket.socket()\n' >socket_.py
expect 2 judge socket_.py --on "$python"
complains "socket_.py:3: "
printf 'import anyio\nasync def main():\n    while True:\n        await anyio.sleep(1)\n' >loops.py
expect 2 judge loops.py
complains "loops.py:3: \`while\`"
complains "--on PYTHON"
expect 2 judge own.py:promises
complains "--on PYTHON"
expect 2 judge own.py:nothing --on "$python"
complains "there is no \`nothing\`"
expect 2 judge nothing.py --on "$python"
complains "nothing.py: cannot read"

# What differs from run to run is no run of a program: exit code 3, with the first event that differs.
cat >counts.py <<'END'
import anyio
import sys

async def main():
    sys.counter = getattr(sys, "counter", 0) + 1
    await anyio.sleep(sys.counter)
END
expect 3 judge counts.py --on "$python" --inject 0
grep -q "counts.py: the same run, repeated, went otherwise" err || fail "it does not say what is nondeterministic"
