"""The interpreter dies as soon as a scope has a shield and a deadline."""
import math
import os

from anyio._backends._asyncio import CancelScope

own_enter = CancelScope.__enter__


def enter(self):
    if self._shield and self._deadline != math.inf:
        os._exit(9)
    return own_enter(self)


CancelScope.__enter__ = enter
