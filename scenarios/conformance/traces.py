"""The names of outcomes, and the line that a case prints."""
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
    return getattr(error, "outcome", None) or type(error).__name__


def line(case_name, trace):
    return json.dumps({"name": case_name, "trace": trace}, separators=(",", ":"))
