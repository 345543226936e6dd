// Watches over scopes as they are entered and left.
#include "properties/export/python/watch_texts.h"

namespace cancelsim::properties::python::watches {

const std::string_view kDeadline = R"py(
real_enter, real_timeout = backend.CancelScope.__enter__, backend.CancelScope._timeout
entered = []


def watched_enter(self):
    entered.append(self)
    return real_enter(self)


def watched_timeout(self):
    was_cancelled = self.cancel_called
    real_timeout(self)
    if self.cancel_called and not was_cancelled and loop.time() < self.deadline:
        broken(f"{name_of_scope(self)} timed out {self.deadline - loop.time()} s before its deadline")


backend.CancelScope.__enter__, backend.CancelScope._timeout = watched_enter, watched_timeout


def look(at_rest):
    """When an iteration has run what was due, no active scope whose deadline is past may be left uncancelled."""
    for scope in entered:
        if not scope._active or scope.cancel_called or scope.deadline == math.inf:
            continue
        if at_rest or scope.deadline <= loop.polled_at:
            broken(f"{name_of_scope(scope)} is not cancelled {loop.time() - scope.deadline:.3f} s after its deadline")
)py";

const std::string_view kCleanExit = R"py(
real_exit = backend.CancelScope.__exit__
left = []  # scopes that were left, each with the iteration


def watched_exit(self, *error):
    host = self._host_task
    try:
        return real_exit(self, *error)
    finally:
        if host is not None and self._host_task is None:
            left.append((self, loop.iteration))


backend.CancelScope.__exit__ = watched_exit


def look(at_rest):
    """Two iterations after it was left, a scope is over."""
    for scope, iteration in left:
        if loop.iteration + 1 - iteration < 2 and not at_rest:
            continue
        held = [f"{name_of(task)} ({where(task)})" for task in loop.tasks if is_in(task, scope)]
        if scope._timeout_handle is not None:
            held.append("a timer")
        if scope._cancel_handle is not None or any(is_pass(h) and h._callback.__self__ is scope for h in loop._ready):
            held.append("a scheduled pass")
        if scope._parent_scope is not None and scope in scope._parent_scope._child_scopes:
            held.append("a place among the child scopes of its parent")
        if held:
            broken(f"{name_of_scope(scope)} was left in iteration {iteration}, and now, before iteration "
                   f"{loop.iteration + 1}, it still has " + ", ".join(held))
)py";

const std::string_view kUncancelBalance = R"py(
real_pass, real_exit = backend.CancelScope._deliver_cancellation, backend.CancelScope.__exit__
passing = None  # the scope whose pass runs
on_host = collections.Counter()  # scope -> requests to its host that it has to undo
on_others = collections.Counter()  # scope -> requests to tasks of children, made for scopes that these have left


class WatchedTask(asyncio.Task):
    """Keeps a second set of books."""

    owed = 0  # requests to cancel it that nothing has answered yet
    own_accounting = False  # the program calls `uncancel()` itself

    def cancel(self, msg=None):
        accepted = super().cancel(msg)
        if accepted:
            self.owed += 1
            if passing is not None and passing._host_task is self:
                on_host[passing] += 1
        return accepted

    def uncancel(self):
        if sys._getframe(1).f_code.co_filename == THIS_FILE:
            self.own_accounting = True
        return super().uncancel()


def watched_pass(self, origin):
    global passing
    if origin is not self:
        return real_pass(self, origin)
    passing = self
    try:
        return real_pass(self, origin)
    finally:
        passing = None


def watched_exit(self, *error):
    host = self._host_task
    try:
        return real_exit(self, *error)
    finally:
        if host is not None and self._host_task is None:
            scope_left(self, host)


backend.CancelScope._deliver_cancellation, backend.CancelScope.__exit__ = watched_pass, watched_exit


def scope_left(scope, host):
    own, others, parent = on_host.pop(scope, 0), on_others.pop(scope, 0), scope._parent_scope
    if scope.cancel_called and (scope.shield or parent is None or not parent._effectively_cancelled):
        host.owed -= own
    elif parent is not None:  # who leaves without having caught hands its requests up
        (on_host if parent._host_task is host else on_others)[parent] += own
        on_others[parent] += others
    if not host.own_accounting and host.cancelling() != host.owed:
        broken(f"{name_of(host)} has left {name_of_scope(scope)}, and its cancelling() is {host.cancelling()}: "
               f"{host.owed} requests to cancel it are unanswered")


def look(at_rest):
    pass
)py";

const std::string_view kCaught = R"py(
real_exit = backend.CancelScope.__exit__


def watched_exit(self, error_type, error, traceback):
    host = self._host_task
    try:
        swallowed = real_exit(self, error_type, error, traceback)
    except BaseException as rest:
        if host is not None and self._host_task is None:
            scope_left(self, error, False, rest)
        raise
    if host is not None and self._host_task is None:
        scope_left(self, error, swallowed, None if swallowed else error)
    return swallowed


backend.CancelScope.__exit__ = watched_exit


def scope_left(scope, error, swallowed, passed_on):
    """A scope swallows what is anyio's, if it is cancelled itself and nothing is that can be seen outside it."""
    ours = [is_ours(leaf) for leaf in leaves(error)]
    outside = not scope.shield and scope._parent_scope is not None and scope._parent_scope._effectively_cancelled
    catches = scope.cancel_called and not outside and any(ours)
    half_caught = scope.cancelled_caught and any(is_ours(leaf) for leaf in leaves(passed_on))
    if swallowed != (catches and all(ours)) or scope.cancelled_caught != catches or half_caught:
        broken(f"{name_of_scope(scope)} was left with {error!r}: cancelled {scope.cancel_called}, cancelled outside "
               f"{outside}; it passed on {passed_on!r}, and its cancelled_caught is {scope.cancelled_caught}")


def is_ours(error):
    """By its message, or that of one in its context."""
    while isinstance(error, asyncio.CancelledError):
        if str(error).startswith(("Cancelled via cancel scope ", "Cancelled by cancel scope ")):
            return True
        error = error.__context__
    return False


def look(at_rest):
    pass
)py";

const std::string_view kWrongTimeout = R"py(
real_fail_after = anyio.fail_after


@contextlib.contextmanager
def watched_fail_after(*arguments, **options):
    scope = error = None
    try:
        with real_fail_after(*arguments, **options) as scope:
            try:
                yield scope
            except BaseException as inner:
                error = inner
                raise
    except TimeoutError as timeout:
        if timeout is not error and (not scope.cancelled_caught or loop.time() < scope.deadline):
            broken(f"fail_after raised TimeoutError for {name_of_scope(scope)}: cancelled_caught is "
                   f"{scope.cancelled_caught}, and its deadline comes in {scope.deadline - loop.time():.3f} s")
        raise


anyio.fail_after = watched_fail_after


def look(at_rest):
    pass
)py";

const std::string_view kNativeSwallowed = R"py(
real_exit = backend.CancelScope.__exit__
marks = "Cancelled via cancel scope ", "Cancelled by cancel scope "


class WatchedTask(asyncio.Task):
    native = False  # asyncio's own cancel() was called on it
    folded = False  # that came to nothing, as the task was about to be thrown a scope's CancelledError anyway

    def cancel(self, msg=None):
        waiter = self._fut_waiter
        accepted = super().cancel(msg)
        if accepted and not str(msg).startswith(marks):
            self.native = True
            if waiter is not None and waiter.cancelled():
                self.folded = str(waiter._cancel_message).startswith(marks)
        return accepted


def watched_exit(self, error_type, error, traceback):
    host = self._host_task
    swallowed = real_exit(self, error_type, error, traceback)
    if swallowed and host.native:
        if host.folded:
            broken(f"{name_of_scope(self)} has swallowed its own cancellation of {name_of(host)}, into which asyncio had "
                   f"folded a native cancel(): nobody learns of that one")
        if any(not str(leaf).startswith(marks) and not is_own_raise(leaf) for leaf in leaves(error)):
            broken(f"{name_of_scope(self)} has swallowed {error!r}: that is a native cancel() of {name_of(host)}")
    return swallowed


backend.CancelScope.__exit__ = watched_exit


def is_own_raise(error):
    """Whether the program raised it itself."""
    at = error.__traceback__
    while at.tb_next is not None:
        at = at.tb_next
    code = at.tb_frame.f_code
    return code.co_filename == THIS_FILE and linecache.getline(THIS_FILE, at.tb_lineno).strip().startswith("raise")


def look(at_rest):
    pass
)py";

}  // namespace cancelsim::properties::python::watches
