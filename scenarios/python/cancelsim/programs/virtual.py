"""Clocks and chance: in a run of a program, a function of the run."""
import functools
import os
import random
import time
import uuid

from cancelsim.programs import active

# What the clocks show when a run begins, in seconds. A power of two: sums of short times stay exact to a picosecond.
START = 1024.0
# The same moment by the calendar: the 1st of January 2026, UTC.
DATE = 1767225600.0
NANOSECONDS = 1_000_000_000


def _monotonic(run):
    return run.loop.time()


def _time(run):
    return DATE + run.loop.now / NANOSECONDS


def _monotonic_ns(run):
    return int(START) * NANOSECONDS + run.loop.now


def _time_ns(run):
    return int(DATE) * NANOSECONDS + run.loop.now


_CLOCKS = {
    "time": _time,
    "monotonic": _monotonic,
    "perf_counter": _monotonic,
    "process_time": _monotonic,
    "thread_time": _monotonic,
    "time_ns": _time_ns,
    "monotonic_ns": _monotonic_ns,
    "perf_counter_ns": _monotonic_ns,
    "process_time_ns": _monotonic_ns,
    "thread_time_ns": _monotonic_ns,
}


def install():
    """Once in a process, before a program imports anything."""
    for name, virtual in _CLOCKS.items():
        setattr(time, name, _where_active(virtual, getattr(time, name)))
    time.sleep = _where_active(lambda run, seconds: run.block(seconds), time.sleep)
    os.urandom = _where_active(lambda run, count: run.chance.randbytes(count), os.urandom)
    random._urandom = os.urandom  # of random.SystemRandom, and so of secrets
    uuid.uuid1 = _where_active(lambda run, *_: uuid.UUID(bytes=run.chance.randbytes(16), version=1), uuid.uuid1)
    random.Random.seed = _seeding(random.Random.seed)


def _where_active(virtual, real):
    @functools.wraps(real)
    def function(*args):
        run = active.run
        return real(*args) if run is None else virtual(run, *args)

    return function


def _seeding(seed):
    @functools.wraps(seed)
    def seeded(self, a=None, version=2):
        if a is None and active.run is not None:
            a = active.run.chance.getrandbits(64)
        seed(self, a, version)

    return seeded


def chance():
    """The source of what is random in a run: the same in each. The module's own generator begins anew with it."""
    random.seed(0)
    return random.Random(0)
