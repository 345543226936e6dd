"""What a program in the Python notation calls of asyncio's own with names that may be unbound."""
import asyncio

from cancelsim.names import StubbornFuture, Unknown


class Words:
    """`skip()` is what is done where there is nothing to wait for."""

    StubbornFuture = StubbornFuture

    def __init__(self, skip):
        self._skip = skip

    def wait_for(self, awaitable, timeout):
        return self._skip() if isinstance(awaitable, Unknown) else asyncio.wait_for(awaitable, timeout)

    def shield(self, awaitable):
        return self._skip() if isinstance(awaitable, Unknown) else asyncio.shield(awaitable)

    def gather(self, *tasks, return_exceptions=False):
        tasks = self._bound(tasks)
        return asyncio.gather(*tasks, return_exceptions=return_exceptions) if tasks else self._skip()

    def wait(self, *tasks, timeout=None, return_when="all_completed"):
        tasks = list(dict.fromkeys(self._bound(tasks)))
        return asyncio.wait(tasks, timeout=timeout, return_when=return_when.upper()) if tasks else self._skip()

    @staticmethod
    def _bound(tasks):
        return [task for task in tasks if not isinstance(task, Unknown)]
