"""What asyncio leaves open, answered by one source: the orders of sets, timers due together, arrivals, the time that callbacks take.

The kinds and the order of the questions are the simulator's (sim/choices.h). Answer 0 is what the predictable default does.
"""


class Choices:
    """Answers by deviations: kind -> {number of the question of that kind in the run: answer}. All others are 0."""

    KINDS = ("set_order", "timer_order", "arrival", "elapse")

    def __init__(self, deviations):
        if unknown := set(deviations) - set(self.KINDS):
            raise ValueError(f"no such choice on asyncio: {', '.join(sorted(unknown))}")
        self._deviations = deviations
        self._asked = dict.fromkeys(self.KINDS, 0)

    def asks(self, kind):
        return kind in self._deviations

    def choose(self, kind, count):
        """One of `count` (at least 2) alternatives."""
        question = self._asked[kind]
        self._asked[kind] = question + 1
        return min(self._deviations.get(kind, {}).get(question, 0), count - 1)


NO_CHOICES = Choices({})


class InsertionOrderedSet(dict):
    """Of a set's methods, those that anyio and asyncio use on the sets of scopes and groups."""

    __slots__ = ()
    add = dict.setdefault
    remove = dict.__delitem__

    def discard(self, item):
        self.pop(item, None)


class ReversedSet(InsertionOrderedSet):
    __slots__ = ()

    def __iter__(self):
        return reversed(self.keys())


def chosen_set(choices):
    """The class of sets that iterate as `choices` say."""

    class ChosenSet(InsertionOrderedSet):
        __slots__ = ()

        def __iter__(self):
            left = list(self.keys())
            while left:
                yield left.pop(choices.choose("set_order", len(left)) if len(left) > 1 else 0)

    return ChosenSet


ORDERS = {"insertion": InsertionOrderedSet, "reversed": ReversedSet}
