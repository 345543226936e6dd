"""A stream of events as lines of JSON, as `cancelsim trace --events` prints it."""
import json
import re

from cancelsim.events import ERROR, ERRORS, EVENTS, LABEL, LISTS, NEVER, SITE, TIME, WORDS

# What only the model tells of: where a statement begins to wait, Python does not see; the alarm is the command's own clock; and
# what the package does not tell yet, of the library's books, of calls of objects, and of asyncio's own blocks.
OF_THE_MODEL_ALONE = (
    *("StatementWaits", "AlarmRang", "ScopeAudited", "ObjectMade", "CallBegan", "CallEnded", "ObjectAtRest", "Iteration"),
    *("TimeoutEntered", "TimeoutRescheduled", "TimeoutExitBegan", "AsyncioGroupEntered", "AsyncioGroupTook"),
    *("AsyncioGroupExitBegan", "WaitForBegan", "WaitForEnded"),
)
# What only the library's stream says: the model's has the names itself.
_OF_THE_LIBRARY_ALONE = {LABEL: 4, SITE: 2}  # with how many values

_FLAGS = set(
    "bare ready refuses forwards cancelled marked accepted had_started wait_was_over was_pending by_start shield swallowed "
    "cancelled_caught rearmed gave_way body_cancelled cancelled_group expired".split()
)
_WORDS = {name: list(words) for name, words in WORDS.items()}
_ERROR_WORDS = list(ERRORS)


# Which timeout or group of asyncio's own asked: the package does not tell yet.
_NUMBER_OF_ASYNCIOS = re.compile(r'("by\.kind":"(?:timeout|asyncio_group)","by\.task":\w+,"by\.id":)\d+')


def compared(lines):
    """Those of the model's lines that have their like in the library's, as that is."""
    of_the_model_alone = tuple(f'["{name}",' for name in OF_THE_MODEL_ALONE)
    return [_NUMBER_OF_ASYNCIOS.sub(r"\1null", line) for line in lines if not line.startswith(of_the_model_alone)]


def event_lines(stream, strings):
    """`stream`: numbers. Facts that only the library's streams have are left out."""
    numbers = iter(stream)
    lines = []
    for number in numbers:
        if number in _OF_THE_LIBRARY_ALONE:
            for _ in range(_OF_THE_LIBRARY_ALONE[number]):
                next(numbers)
            continue
        if number == ERROR:
            line = ["Error", _error(numbers, strings)]
        elif number == TIME:
            line = ["Time", {"now": next(numbers)}]
        else:
            name, values = EVENTS[number]
            line = [name, {value: _value(value, numbers) for value in values}]
        lines.append(json.dumps(line, separators=(",", ":")))
    return lines


def _value(name, numbers):
    number = next(numbers)
    if name in LISTS:
        return [_id(next(numbers)) for _ in range(number)]
    if name in _FLAGS:
        return bool(number)
    if name in _WORDS:
        return _WORDS[name][number]
    if name == "deadline":
        return "inf" if number == NEVER else number
    return _id(number)


def _id(number):
    return None if number == -1 else number


def _error(numbers, strings):
    number, kind, message, name, context, count = (next(numbers) for _ in range(6))
    children = [next(numbers) for _ in range(count)]
    name = None if name == -1 else strings[name]
    return {
        **{"id": number, "kind": _ERROR_WORDS[kind], "message": message, "name": name},
        **{"context": _id(context), "children": children},
    }
