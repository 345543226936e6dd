"""Whether the frame of a program that has entered a scope is over, so that nobody is left in it to leave the scope."""
import sys
from asyncio import current_task
from inspect import CO_ASYNC_GENERATOR, CO_GENERATOR

from cancelsim.programs.sites import parked_frames, running_frame

_GENERATOR = CO_GENERATOR | CO_ASYNC_GENERATOR


class Entries:
    """Of the scopes that a program is in, by number. No frame is kept alive: a function's frame is told by its `id`, which stays the
    same as long as the function has not returned, and by its code, which the frame that gets that `id` next has hardly.
    """

    def __init__(self, loop):
        self._loop = loop
        self._entries = {}  # number -> (the host, `id` and code of the frame)

    def entered(self, number, host):
        frame = running_frame(sys._getframe(1))
        # A generator may be suspended where no task is: that does not end it.
        if frame is not None and not frame.f_code.co_flags & _GENERATOR:
            self._entries[number] = host, (id(frame), frame.f_code)

    def left(self, number):
        self._entries.pop(number, None)

    def ended(self, number):
        """Whether it is known, and over. It is asked for no more than once."""
        entry = self._entries.get(number)
        if entry is None:
            return False
        host, entered = entry
        if host.done() or any((id(frame), frame.f_code) == entered for frame in self._frames_of(host)):
            return False
        del self._entries[number]
        return True

    def _frames_of(self, host):
        if host is current_task(self._loop):
            frame = sys._getframe(1)
            while frame is not None:
                yield frame
                frame = frame.f_back
        else:
            yield from parked_frames(host.get_coro())
