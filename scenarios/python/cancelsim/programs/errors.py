"""Exceptions that leave a program, in words that are the same in each run."""
import re
import traceback

from cancelsim.programs.sites import is_program, place_of

# What differs from process to process: `<Task pending ... at 0x7f31c2a41f10>`, `Cancelled via cancel scope 7f31c2a41f10`.
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b|(?<=cancel scope )[0-9a-f]{6,}\b")
_LONGEST = 300


def text_of(error):
    """`KeyError: 'x'`; of a group with all that is in it. One line."""
    if isinstance(error, BaseExceptionGroup):
        inside = ", ".join(text_of(each) for each in error.exceptions)
        return f"{type(error).__name__}: {error.message} ({inside})"
    text = " ".join(_ADDRESS.sub("...", str(error)).split())[:_LONGEST]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def told(error, sites):
    """What the answer of a worker has of what left main: the text, its type, and the site where it was raised."""
    leaf = error
    while isinstance(leaf, BaseExceptionGroup):
        leaf = leaf.exceptions[0]
    places = [place_of(*at) for at in traceback.walk_tb(leaf.__traceback__) if is_program(at[0].f_code.co_filename)]
    site = sites.number_of(places[-1]) if places else None
    return {"text": text_of(error), "type": type(leaf).__name__, "site": site}
