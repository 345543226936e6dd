# A bit of much: groups, streams, locks, time limits, threads and cancellation of anyio's and of asyncio's.
import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

import anyio


@asynccontextmanager
async def sleeper():
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 3)
        yield group


async def starter(*, task_status):
    await anyio.sleep(1)
    task_status.started()
    await anyio.sleep(1)


async def child(lock, event):
    async with lock:
        await anyio.sleep(1)
    event.set()


async def numbers():
    try:
        for number in range(5):
            await anyio.sleep(1)
            yield number
    finally:
        await anyio.sleep(1)


async def on_anyio():
    lock, limiter, event = anyio.Lock(), anyio.CapacityLimiter(1), anyio.Event()
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(sleeper())
        await group.start(starter)
        for held in (lock, limiter, limiter):
            group.start_soon(child, held, event)
        await event.wait()
    with anyio.move_on_after(2.5):
        async for _ in numbers():
            await anyio.sleep(0)
    sending, receiving = anyio.create_memory_object_stream(0)
    async with sending, receiving, anyio.create_task_group() as group:
        group.start_soon(sending.send, 1)
        await receiving.receive()
        group.cancel_scope.cancel()
    with anyio.fail_after(5, shield=True):
        await anyio.to_thread.run_sync(anyio.from_thread.run, anyio.sleep, 1)


async def on_asyncio():
    try:
        async with asyncio.timeout(1):
            async with asyncio.TaskGroup() as group:
                for delay in (3, 2):
                    group.create_task(asyncio.sleep(delay))
    except TimeoutError:
        pass
    try:
        await asyncio.wait_for(asyncio.gather(asyncio.sleep(2), asyncio.shield(asyncio.sleep(3))), 1)
    except TimeoutError:
        pass
    queue = asyncio.Queue(1)
    await asyncio.wait([asyncio.create_task(queue.put(item)) for item in range(3)], timeout=1)
    asyncio.get_running_loop().call_soon(asyncio.current_task().cancel, "by a callback")
    try:
        await asyncio.sleep(1)
    except asyncio.CancelledError:
        pass


async def main():
    await on_anyio()
    await on_asyncio()
