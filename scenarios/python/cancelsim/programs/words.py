"""`import cancelsim` in a program: outside of a run these words do nothing."""
import sys

import cancelsim
from cancelsim.names import Names
from cancelsim.programs import active

# The package's attribute is the module of that name, from when that was imported.
cancelsim.names = names = Names


def outside(at=None, at_iteration=None):
    """Registers a function that the outside world calls: at a time, in an iteration, or, with neither, when it likes."""

    def register(function):
        if active.run is not None:
            active.run.outside(at, at_iteration, function)
        return function

    return register


def choose(count):
    """One of 0 to count - 1, which the search says; 0 outside of a run."""
    return active.run.choose(count) if active.run is not None else 0


def always(predicate):
    """`predicate()` is true after each iteration from now on."""
    if active.run is not None:
        active.run.promise("always", predicate, sys._getframe(1))


def at_rest(predicate):
    """`predicate()` is true when the run has ended."""
    if active.run is not None:
        active.run.promise("at_rest", predicate, sys._getframe(1))
