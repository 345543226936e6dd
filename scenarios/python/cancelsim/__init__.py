"""Programs on the real anyio and asyncio, for the simulator: recorded, compared, or run as they are.

`import cancelsim` in a program in the Python notation of cases (CASES.md) gives it the words in `plain.py`; where the
program is recorded or searched, it gets a module of its own with the same words in place of this one.
"""

_WORDS = {"names", "outside", "task", "nothing", "run", "StubbornFuture", "wait_for", "shield", "gather", "wait"}


def __getattr__(name):
    # Not before it is used: the recorder first looks whether there is an anyio.
    if name in _WORDS:
        from cancelsim import plain

        return getattr(plain, name)
    raise AttributeError(f"module 'cancelsim' has no attribute {name!r}")
