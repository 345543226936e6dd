"""Spins on purpose, as a process in production does: something to try the page on.

    python3 spin.py [done-task|refusing] [SECONDS]

done-task: a task ends inside a cancelled scope that nobody leaves (anyio issue 1111). refusing: a task in a cancelled
scope waits for a future that refuses to be cancelled (anyio issue 1257). It prints its process id, goes on for so many
seconds (60 unless given), and then prints the processor time that it has taken.
"""
import asyncio
import os
import sys
import time

import anyio


async def open_session():
    scope = anyio.CancelScope()
    scope.__enter__()  # and is never left, as in a generator that nobody has finished
    scope.cancel()


class Refusing(asyncio.Future):
    """What a thread or a native extension hands out."""

    def cancel(self, msg=None):
        return False


async def wait_for_thread(seconds):
    answer = Refusing()
    asyncio.get_running_loop().call_later(seconds, answer.set_result, None)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await answer


async def main(kind, seconds):
    with anyio.CancelScope():  # some releases import their backend now
        pass
    begun = time.process_time()
    if kind == "done-task":
        await asyncio.create_task(open_session(), name="session-7")
        await asyncio.sleep(seconds)
    else:
        await asyncio.create_task(wait_for_thread(seconds), name="upload-3")
    print(f"{time.process_time() - begun:.2f} s of processor time in {seconds:g} s")


if __name__ == "__main__":
    kind = sys.argv[1] if len(sys.argv) > 1 else "done-task"
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    if kind not in ("done-task", "refusing"):
        sys.exit(f"{kind}: neither done-task nor refusing")
    print(os.getpid(), flush=True)
    asyncio.run(main(kind, seconds))
