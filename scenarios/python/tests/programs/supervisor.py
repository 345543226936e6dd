# A proper program: a supervisor that restarts children which fail, after pauses that grow, and
# gives up one that fails too often. It sleeps only after it has left its `except`, so that no
# cancellation takes the place of an error. No group is cancelled unless from outside: its host
# would lose a native cancellation that comes then (anyio#1214).
import anyio

PAUSE = 0.01
RESTARTS = 3


class Crash(Exception):
    pass


async def steady(attempt):
    await anyio.sleep(0.05)


async def flaky(attempt):
    await anyio.sleep(0.01)
    if attempt < 2:
        raise Crash(f"attempt {attempt}")


async def hopeless(attempt):
    await anyio.sleep(0)
    raise Crash(f"attempt {attempt}")


async def supervise(child, crashes, outcomes):
    outcomes[child] = "interrupted"
    for attempt in range(1 + RESTARTS):
        try:
            await child(attempt)
        except Crash as crash:
            crashes.append((child.__name__, crash))
        else:
            outcomes[child] = "done"
            return
        await anyio.sleep(PAUSE * 2**attempt)
    outcomes[child] = "given up"


async def main():
    crashes, outcomes = [], {}
    async with anyio.create_task_group() as supervisor:
        for child in (steady, flaky, hopeless):
            supervisor.start_soon(supervise, child, crashes, outcomes)
    if not supervisor.cancel_scope.cancel_called:
        for child, outcome in ((steady, "done"), (flaky, "done"), (hopeless, "given up")):
            assert outcomes[child] in (outcome, "interrupted")
        assert "interrupted" in outcomes.values() or len(crashes) == 2 + 1 + RESTARTS


if __name__ == "__main__":
    anyio.run(main)
