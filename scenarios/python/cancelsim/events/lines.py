"""A stream of events as lines of JSON, as `cancelsim trace --events` prints it."""
import json

from cancelsim.events import ERROR, ERRORS, EVENTS, ITERATION, LABEL, LISTS, NEVER, SITE, TIME, WORDS

# What only the library's stream says: the model's has the names itself.
_OF_THE_LIBRARY_ALONE = {LABEL: 4, SITE: 2}  # with how many values

_FLAGS = set(
    "bare ready refuses forwards cancelled marked accepted had_started wait_was_over was_pending by_start shield swallowed "
    "cancelled_caught rearmed gave_way body_cancelled cancelled_group expired swallows timer pass held".split()
)
_WORDS = {name: list(words) for name, words in WORDS.items()}
_ERROR_WORDS = list(ERRORS)
# Values that may be a time that never comes, or as many as one likes.
_NUMBERS = {"deadline", "when", "delay", "amount", "max_value", "available"}


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
        elif number == ITERATION:
            line = ["Iteration", {"number": next(numbers)}]
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
    if name in _NUMBERS:
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
