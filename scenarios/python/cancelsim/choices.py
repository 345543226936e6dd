"""What asyncio leaves open, answered by one source: the orders of sets, timers due together, arrivals, the time that callbacks
take; and, where it is wanted, what somebody outside cancels.

The kinds and the names of the questions are the simulator's (sim/choices.h). Answer 0 is what the predictable default does.
"""
KINDS = ("set_order", "timer_order", "arrival", "elapse", "ready_order", "inject")
KINDS_ON_ASYNCIO = KINDS[:4]
# Which of its owner's sets a question of the kind `set_order` is about.
TASKS, CHILD_SCOPES, GROUP_TASKS = range(3)


class Choices:
    """A source of answers. `asked` are the kinds that it wants to be asked about."""

    injections = 0  # the most that are injected in a run

    def __init__(self, asked=()):
        self._asked = frozenset(asked)

    def asks(self, kind):
        return kind in self._asked

    def choose(self, kind, count, set=0, owner=0, binding=0, at=0, nth=0, position=0):
        """One of `count` (at least 2) alternatives. The others name the question, as sim::Question does."""
        return 0


class Deviations(Choices):
    """Kind -> {number of the question of that kind in the run: answer}. All other answers are 0."""

    def __init__(self, deviations):
        if unknown := set(deviations).difference(KINDS_ON_ASYNCIO):
            raise ValueError(f"no such choice on asyncio: {', '.join(sorted(unknown))}")
        super().__init__(deviations)
        self._deviations = deviations
        self._questions = dict.fromkeys(deviations, 0)

    def choose(self, kind, count, **name):
        question = self._questions[kind]
        self._questions[kind] = question + 1
        return min(self._deviations[kind].get(question, 0), count - 1)


NO_CHOICES = Choices()


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


class ChosenSet(InsertionOrderedSet):
    """Iterates as the choices of `sets` say: set `which` of `scope`, or that of an asyncio group, which None stands for."""

    __slots__ = ("_sets", "_which", "_scope", "_orders")

    def __init__(self, sets, which, scope=None):
        self._sets = sets
        self._which = which
        self._scope = scope
        self._orders = 0  # how often it was iterated, and there was a choice

    def __iter__(self):
        return dict.__iter__(self) if len(self) < 2 else self._in_chosen_order()

    def _in_chosen_order(self):
        left = list(self.keys())
        sets, which = self._sets, self._which
        choose = sets.choices.choose
        owner, binding = (0, left[0].number) if self._scope is None else sets.name_of_scope(self._scope)
        at, self._orders = self._orders, self._orders + 1
        for position in range(len(left) - 1):
            yield left.pop(choose("set_order", len(left), set=which, owner=owner, binding=binding, at=at, position=position))
        yield from left


ORDERS = {"insertion": InsertionOrderedSet, "reversed": ReversedSet}


class Sets:
    """Makes the sets of a run: in one order, or as `choices` say, where they are asked. `name_of_scope(scope)` gives the owner
    and the binding of questions about a scope's sets."""

    def __init__(self, choices, order, name_of_scope):
        self.choices = choices
        self.name_of_scope = name_of_scope
        self._in_one_order = None if choices.asks("set_order") else ORDERS[order]

    def of_scope(self, scope):
        """The scope's tasks, and its child scopes."""
        ordered = self._in_one_order
        if ordered is not None:
            return ordered(), ordered()
        return ChosenSet(self, TASKS, scope), ChosenSet(self, CHILD_SCOPES, scope)

    def of_asyncio_group(self):
        return ChosenSet(self, GROUP_TASKS) if self._in_one_order is None else self._in_one_order()
