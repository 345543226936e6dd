"""The words of programs that are run as they are. Nothing is reported; what is done with an unbound name is skipped."""
import asyncio
import sys
import traceback

from anyio._backends._asyncio import CancelScope
from anyio._core._eventloop import set_current_async_library

from cancelsim.loop import VirtualLoop
from cancelsim.names import NOTHING, Names, StubbornFuture
from cancelsim.words import Words

_words = Words(lambda: NOTHING)
wait_for, shield, gather, wait = _words.wait_for, _words.shield, _words.gather, _words.wait

names = Names
nothing = NOTHING  # the task status of a task that has none

_outside = []  # (time or None, iteration or None, function)

__all__ = ["StubbornFuture", "gather", "names", "nothing", "outside", "run", "shield", "task", "wait", "wait_for"]


def outside(at=None, at_iteration=None):
    """Registers a function that the outside world calls: at a time, or in an iteration of the loop."""
    return lambda function: _outside.append((at, at_iteration, function))


def task(name):
    """Says the name of a task whose function cannot have it."""
    return lambda function: function


def run(main):
    """Runs a program on virtual time, and raises what leaves `main`."""
    set_current_async_library("asyncio")  # for what runs outside of tasks
    loop = VirtualLoop(sys.maxsize, is_delivery_pass=_is_delivery_pass)
    loop.on_error = traceback.print_exception
    for at, _, function in _outside:
        if at is not None:
            loop.call_at(at, function)
    loop.set_arrivals([(iteration, function) for _, iteration, function in _outside if iteration is not None])
    asyncio.set_event_loop(loop)
    main_task = loop.create_task(main())
    verdict = loop.run()
    if not main_task.done():
        raise RuntimeError(f"main has not ended: {verdict}")
    return main_task.result()


def _is_delivery_pass(callback):
    return getattr(callback, "__func__", None) is CancelScope._deliver_cancellation
