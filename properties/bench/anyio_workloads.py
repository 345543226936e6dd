"""W1 to W3 and W6 to W8 on the real anyio, on a virtual-clock loop that makes no system call.

W1  300 programs, each on a fresh loop: a task group with 8 children of 4 sleeps of 0 to 5 ms, one of which swallows two
    cancellations and one of which sleeps behind a shield first, and a group inside with 2 children that sleep 0 to
    20 ms; a deadline of 8 ms cancels in the middle.
W2  two tasks, 500,000 checkpoints each.
W3  10,000 tasks, 10 sleeps of 0 to 1 s each.
W6  8 tasks that take one lock in turns, 100 times each, and give way while they have it.
W7  a pipeline of 3 tasks and 2 memory object streams, through which 1,000 items go: W7-0 and W7-10 by the size of the buffers.
W8  300 programs, each on a fresh loop: an asyncio.timeout of 8 ms around an asyncio.TaskGroup of 8 tasks of 4 sleeps of 0 to 5 ms.
"""

import asyncio
import random
from asyncio import CancelledError, base_events

from anyio import CancelScope, Lock, create_memory_object_stream, create_task_group, move_on_after, sleep
from anyio.lowlevel import checkpoint


class VirtualLoop(base_events.BaseEventLoop):
    """Where the loop would block, the clock jumps."""

    def __init__(self):
        super().__init__()
        self.now, self._clock_resolution, self._selector = 0.0, 1e-9, self

    def time(self):
        return self.now

    def select(self, timeout):
        if timeout:
            self.now += timeout
        return ()

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


def run(coroutine):
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop._closed = True


async def sleeper(delays):
    for delay in delays:
        await sleep(delay)


async def swallower(delays):
    left = 2
    for delay in delays * 2:
        try:
            await sleep(delay)
        except CancelledError:
            if not left:
                raise
            left -= 1


async def shielded(delays, first):
    with CancelScope(shield=True):
        await sleep(first)
    await sleeper(delays)


async def storm(delays, shielded_delay, nested):
    with move_on_after(0.008) as scope:
        async with create_task_group() as group:
            for i in range(6):
                group.start_soon(sleeper, delays[i])
            group.start_soon(swallower, delays[6])
            group.start_soon(shielded, delays[7], shielded_delay)
            async with create_task_group() as inner:
                for delay in nested:
                    inner.start_soon(sleep, delay)
    return scope.cancelled_caught


async def spinner(times):
    for _ in range(times):
        await checkpoint()


async def together(function, arguments):
    async with create_task_group() as group:
        for argument in arguments:
            group.start_soon(function, argument)


_random = random.Random(1)
PROGRAMS = [
    (
        [[_random.uniform(0, 0.005) for _ in range(4)] for _ in range(8)],
        _random.uniform(0, 0.005),
        [_random.uniform(0, 0.02) for _ in range(2)],
    )
    for _ in range(300)
]
_DELAYS = [[_random.random() for _ in range(10)] for _ in range(10_000)]


def w1():
    """Returns the units of work done, as each of these does: programs, switches, timers."""
    assert sum(run(storm(*program)) for program in PROGRAMS) == len(PROGRAMS)
    return len(PROGRAMS)


def w2():
    run(together(spinner, [500_000] * 2))
    return 1_000_000


def w3():
    run(together(sleeper, _DELAYS))
    return 100_000


async def turns(lock):
    for _ in range(100):
        async with lock:
            await checkpoint()


async def take_turns():
    await together(turns, [Lock()] * 8)


def w6():
    run(take_turns())
    return 800


async def source(stream, items):
    for item in range(items):
        await stream.send(item)


async def stage(incoming, outgoing, items):
    for _ in range(items):
        await outgoing.send(await incoming.receive())


async def sink(stream, items):
    for _ in range(items):
        await stream.receive()


async def pipeline(items, buffer):
    first_in, first_out = create_memory_object_stream(buffer)
    second_in, second_out = create_memory_object_stream(buffer)
    async with create_task_group() as group:
        group.start_soon(source, first_in, items)
        group.start_soon(stage, first_out, second_in, items)
        group.start_soon(sink, second_out, items)
    for end in (first_in, first_out, second_in, second_out):
        end.close()


def w7(buffer):
    run(pipeline(1000, buffer))
    return 1000


async def asyncio_sleeper(delays):
    for delay in delays:
        await asyncio.sleep(delay)


async def guarded(delays):
    try:
        async with asyncio.timeout(0.008):
            async with asyncio.TaskGroup() as group:
                for each in delays:
                    group.create_task(asyncio_sleeper(each))
    except TimeoutError:
        return 1
    return 0


_GUARDED = [[[_random.uniform(0, 0.005) for _ in range(4)] for _ in range(8)] for _ in range(300)]


def w8():
    assert sum(run(guarded(delays)) for delays in _GUARDED) == len(_GUARDED)
    return len(_GUARDED)


WORKLOADS = {"W1": w1, "W2": w2, "W3": w3, "W6": w6, "W7-0": lambda: w7(0), "W7-10": lambda: w7(10), "W8": w8}
