"""Functions that a program hands to threads: each runs to its end at an iteration of the loop, which the choices say.

A function has a thread of its own, so that it sees what it would see there; but only one thread runs at a time. The loop waits
while the function runs, and the function waits where it waits for the loop (`anyio.from_thread`) or sleeps.
"""
import concurrent.futures
import threading
from collections import deque

from anyio._backends import _asyncio

from cancelsim.programs import active
from cancelsim.programs.refusals import refuse

_start_thread = threading.Thread.start
_here = threading.local()  # `call`: the Call that this thread runs


class Abandoned(BaseException):
    """Raised in a function that waits still when its run has ended."""


class Call:
    """One call of a function in a thread."""

    def __init__(self, loop, function):
        self._loop = loop
        self._function = function
        self._thread = None
        self._its_turn = threading.Semaphore(0)
        self._gave_way = threading.Semaphore(0)
        self._is_over = False
        self._is_abandoned = False

    def advance(self):
        """Lets the function run until it ends or waits. For the loop's thread."""
        if self._is_over:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            _start_thread(self._thread)
        else:
            self._its_turn.release()
        self._gave_way.acquire()

    def abandon(self):
        if self._thread is not None and not self._is_over:
            self._is_abandoned = True
            self.advance()

    def _run(self):
        _here.call = self
        try:
            self._function()
        except Abandoned:
            pass
        finally:
            self._is_over = True
            self._gave_way.release()

    def wait_for(self, future):
        """For the function's thread."""
        future.add_done_callback(lambda _: self._loop.arrive(self.advance))
        self._give_way()

    def sleep(self, seconds):
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self.advance)
        self._give_way()

    def _give_way(self):
        self._gave_way.release()
        self._its_turn.acquire()
        if self._is_abandoned:
            raise Abandoned


def current_call():
    return getattr(_here, "call", None)


def install():
    """Once in a process."""
    concurrent.futures.ThreadPoolExecutor.submit = _submitting(concurrent.futures.ThreadPoolExecutor.submit)
    for name in ("result", "exception"):
        waits = getattr(concurrent.futures.Future, name)
        setattr(concurrent.futures.Future, name, _waiting(waits))
    _asyncio.WorkerThread = _worker_of(_asyncio.WorkerThread)


def _submitting(submit):
    def submitted(self, function, /, *args, **kwargs):
        if active.run is None:
            return submit(self, function, *args, **kwargs)
        future = concurrent.futures.Future()
        future.set_running_or_notify_cancel()

        def call():
            try:
                future.set_result(function(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)

        active.run.loop.call_in_thread(call)
        return future

    return submitted


def _waiting(wait):
    def waited(self, timeout=None):
        if active.run is not None and not self.done():
            call = current_call()
            if call is not None:
                call.wait_for(self)
            else:
                active.run.loop.let_threads_end(self.done)
                if not self.done():
                    refuse("wait, in the loop's thread, for what only the loop can do")
        return wait(self, timeout)

    return waited


class _Items:
    """The queue of a worker: there is never more in it than it is to do now."""

    def __init__(self, worker):
        self._worker = worker
        self._items = deque()

    def put_nowait(self, item):
        if item is not None:
            self._items.append(item)
            self._worker.loop.call_in_thread(self._worker.run)

    def get(self):
        return self._items.popleft() if self._items else None

    def task_done(self):
        pass


def _worker_of(WorkerThread):
    class VirtualWorkerThread(WorkerThread):
        def start(self):
            if active.run is None:
                return super().start()
            self.queue = _Items(self)

    return VirtualWorkerThread
