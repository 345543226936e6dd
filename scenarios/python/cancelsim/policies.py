"""Delivery policies: what `CancelScope._deliver_cancellation` is replaced with, and nothing else is.

A policy is a module NAME.py beside the simulator's NAME.cpp, with a function NAME(scope, origin) that makes one pass and returns
whether the scope is to be visited again, as anyio's own pass does. They repeat each other on purpose: each reads like the patch that
it is. `upstream` is what anyio has.
"""
import importlib
import os

from anyio._backends._asyncio import CancelScope

_HERE = os.path.dirname(os.path.abspath(__file__))
# In a checkout the modules are the model's; where the package was taken along, they are in it.
__path__ = [os.path.join(_HERE, "policies_of_the_model"), os.path.join(_HERE, *[os.pardir] * 3, "model", "policies")]
PARTS = "passes"  # the module of what the others share


def names():
    folder = next(filter(os.path.isdir, __path__))
    modules = (name.removesuffix(".py") for name in sorted(os.listdir(folder)) if name.endswith(".py"))
    return ["upstream", *(name for name in modules if name != PARTS)]


def find(name):
    """The pass of that policy."""
    if name == "upstream":
        return CancelScope._deliver_cancellation
    return getattr(importlib.import_module(f"{__name__}.{name}"), name)
