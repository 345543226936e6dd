"""Programs on the real anyio and asyncio, for the simulator: recorded, compared, or run as they are.

`import cancelsim` in a program in the Python notation of cases (CASES.md) gives it the words in `plain.py`; where the
program is recorded or searched, it gets a module of its own with the same words in place of this one. A program that is plain
Python (`programs/`) finds the words of `programs/words.py`, which do nothing where it runs by itself.
"""
import sys

_WORDS = {"names", "outside", "task", "nothing", "run", "StubbornFuture", "wait_for", "shield", "gather", "wait"}
_PROGRAM_WORDS = {"choose", "always", "at_rest"}
_IN_RUN = {"names", "outside"}  # in a run of a program; otherwise they are cases'


def __getattr__(name):
    # Not before it is used: the recorder first looks whether there is an anyio.
    active = sys.modules.get("cancelsim.programs.active")
    if name in _PROGRAM_WORDS or name in _IN_RUN and active is not None and active.run is not None:
        from cancelsim.programs import words

        return getattr(words, name)
    if name in _WORDS:
        from cancelsim import plain

        return getattr(plain, name)
    raise AttributeError(f"module 'cancelsim' has no attribute {name!r}")
