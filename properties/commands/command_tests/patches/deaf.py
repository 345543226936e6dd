"""A cancelled scope interrupts its tasks once, and never again."""
from anyio._backends._asyncio import CancelScope

own_pass = CancelScope._deliver_cancellation


def pass_once(self, origin):
    own_pass(self, origin)
    if self is origin and self._cancel_handle is not None:
        self._cancel_handle.cancel()
        self._cancel_handle = None
    return False


CancelScope._deliver_cancellation = pass_once
