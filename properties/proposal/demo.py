"""Shows, on the anyio that is installed, what each delivery pass does with the two programs that upstream argues about.

    python3 demo.py              the release's own pass
    python3 demo.py pr1260       the open pull 1260
    python3 demo.py ask_waiter   the change that PROPOSAL.md proposes

Exit code 0 if both promises are kept.
"""
import asyncio
import sys
from asyncio import current_task, get_running_loop

import anyio
from anyio._backends._asyncio import CancelScope, _task_started


def pr1260(self, origin):
    should_retry = False
    current = current_task()
    for task in self._tasks:
        if task.done():
            continue
        if task._must_cancel:  # moved above setting retry
            continue
        should_retry = True
        if task is not current and (task is self._host_task or _task_started(task)):
            waiter = task._fut_waiter
            if not isinstance(waiter, asyncio.Future) or not waiter.done():
                task.cancel(origin._cancel_reason)
                if task is origin._host_task and origin._pending_uncancellations is not None:
                    origin._pending_uncancellations += 1
    for scope in self._child_scopes:
        if not scope._shield and not scope.cancel_called:
            should_retry = scope._deliver_cancellation(origin) or should_retry
    if origin is self:
        self._cancel_handle = (
            get_running_loop().call_soon(self._deliver_cancellation, origin) if should_retry else None
        )
    return should_retry


class Stubborn(asyncio.Future):
    """A future that refuses to be cancelled: what a thread or a native extension hands out."""

    def cancel(self, msg=None):
        return False


async def passes_while_a_waiter_refuses():
    """Issue 1257: a task in a cancelled scope waits 0.3 s for such a future."""
    passes = 0
    deliver = CancelScope._deliver_cancellation

    def counted(self, origin):
        nonlocal passes
        passes += 1
        return deliver(self, origin)

    CancelScope._deliver_cancellation = counted
    try:
        future = Stubborn()
        asyncio.get_running_loop().call_later(0.3, future.set_result, None)
        with anyio.move_on_after(0.1) as scope:
            await future
        return passes, scope.cancelled_caught
    finally:
        CancelScope._deliver_cancellation = deliver


async def is_cancelled_again():
    """Issue 1258 and pull 1260: the scope is cancelled while somebody else's cancellation is pending, which its owner
    takes. Does the scope's own come afterwards?
    """
    too_late = anyio.Event()
    asyncio.get_running_loop().call_later(0.5, too_late.set)
    task = asyncio.current_task()
    with anyio.CancelScope() as scope:
        try:
            task.cancel()  # asyncio's own, by somebody else: pending from here on
            scope.cancel()
            await anyio.sleep(0)
        except asyncio.CancelledError:
            task.uncancel()  # its owner has taken it
        await too_late.wait()
    return scope.cancelled_caught


def main(policy):
    if policy == "pr1260":
        CancelScope._deliver_cancellation = pr1260
    elif policy == "ask_waiter":
        import ask_waiter  # noqa: F401
    elif policy != "upstream":
        sys.exit(f"unknown policy {policy}: upstream, pr1260, ask_waiter")
    passes, caught = anyio.run(passes_while_a_waiter_refuses)
    again = anyio.run(is_cancelled_again)
    spins = passes > 100
    print(f"{policy}: {passes} passes while the waiter refused ({'SPINS' if spins else 'quiet'}), then "
          f"{'cancelled' if caught else 'NOT cancelled'}; a cancellation behind another one is "
          f"{'delivered' if again else 'LOST'}")
    return 0 if caught and again and not spins else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "upstream"))
