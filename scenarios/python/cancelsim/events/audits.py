"""Looks into anyio's books about scopes that were left: for the event ScopeAudited."""
from collections import deque

from cancelsim.events import ITERATION, NUMBERS

_SCOPE_AUDITED = NUMBERS["ScopeAudited"]
# A pass that was scheduled before the scope was left still runs, once: it finds nobody, and asks for no other.
_ITERATIONS = 2


class Audits:
    """Of one run."""

    def __init__(self, emitter):
        self._emitter = emitter
        self._left_in = {}  # scope -> the iteration in which it was left last
        self._left = deque()  # (scope, iteration), that were not audited

    def left(self, scope):
        iteration = self._left_in[scope] = self._emitter.loop.iteration
        self._left.append((scope, iteration))

    def iteration_begins(self, number):
        """Before anything else is told of it."""
        left = self._left
        if not left or number - left[0][1] < _ITERATIONS:
            return
        is_told = False
        while left and number - left[0][1] >= _ITERATIONS:
            scope, _ = left.popleft()
            if not scope._active and not is_told:
                self._emitter.out += (ITERATION, number)
                is_told = True
            self._audit(scope)

    def at_rest(self):
        for scope, _ in self._left:
            self._audit(scope)
        self._left.clear()

    def pass_ends(self, scope):
        """It asks for another."""
        iteration = self._emitter.loop.iteration
        if self._left_in.get(scope, iteration) != iteration:
            self._audit(scope)

    def _audit(self, scope):
        if scope._active:
            return
        task, parent = _first_task(scope), scope._parent_scope
        self._emitter.out += (
            *(_SCOPE_AUDITED, self._emitter.scope_numbers[scope], -1 if task is None else task.number),
            *(scope._timeout_handle is not None, scope._cancel_handle is not None),
            parent is not None and scope in parent._child_scopes,
        )


def _first_task(scope):
    """The first task in the scope, or in a scope inside it, each scope before those below it; by the order of adding, whatever
    order the run's sets have."""
    scopes = [scope]
    while scopes:
        scope = scopes.pop()
        for task in dict.keys(scope._tasks):
            return task
        scopes += reversed(dict.keys(scope._child_scopes))
    return None
