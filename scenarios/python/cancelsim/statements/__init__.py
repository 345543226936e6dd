"""The statements of cases: one module a family. A module says how its statements are written in the Python notation, and
which reports an instrumented program has around them, where these are not the usual ones.
"""
import importlib
import pkgutil

WRITERS = {}  # op -> function(writer, statement) that writes it

# Reports, by what is called: a method's name, or a function's as it is written.
AWAITED = {}
CALLED = {}
# What makes something that a block enters -> (report, its method that is told of it)
BLOCKS = {}
# What a first line of `main` may make for a plain name; no statement.
MADE_ALONE = {"anyio.Event", "asyncio.Future", "cancelsim.StubbornFuture", "asyncio.current_task"}


def writes(*ops):
    def registering(write):
        for op in ops:
            WRITERS[op] = write
        return write

    return registering


for _module in pkgutil.iter_modules(__path__, __name__ + "."):
    importlib.import_module(_module.name)
