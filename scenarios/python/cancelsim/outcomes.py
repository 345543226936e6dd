"""The words for how something ended."""
import json
from asyncio import CancelledError

from anyio._backends._asyncio import is_anyio_cancellation


def outcome(error):
    """The word for an exception, or for None."""
    if error is None:
        return "ok"
    if isinstance(error, CancelledError):
        return "cancelled" if is_anyio_cancellation(error) else "native"
    if isinstance(error, BaseExceptionGroup):
        return "group(" + ",".join(map(outcome, error.exceptions)) + ")"
    if type(error) is Exception and len(error.args) == 1 and isinstance(error.args[0], str):
        return error.args[0]  # a `raise` of a case
    return type(error).__name__


def trace_line(case_name, trace):
    return json.dumps({"name": case_name, "trace": trace}, separators=(",", ":"))
