// Watches over delivery passes, and over what they cancel.
#include "properties/export/python/watch_texts.h"

namespace cancelsim::properties::python::watches {

const std::string_view kHotLoop = R"py(
spinning_since = None


def look(at_rest):
    """Delivery passes alone never keep the loop awake."""
    global spinning_since
    if loop.futile == 0:
        spinning_since = None
    elif spinning_since is None:
        spinning_since = time.perf_counter()
    if loop.futile >= FUTILE_LIMIT:
        seconds = time.perf_counter() - spinning_since
        passes = [handle._callback.__self__ for handle in loop._ready if is_pass(handle)]
        held = ", ".join(f"{name_of(task)} ({where(task)})" for task in loop.tasks if passes and is_covered(task, passes[0]))
        broken(f"{loop.futile} iterations in a row, in {seconds:.4f} s, ran only delivery passes: "
               f"{name_of_scope(passes[0]) if passes else 'a scope'} is cancelled, and holds {held or 'no task'}")
)py";

const std::string_view kRearm = R"py(
real_pass = backend.CancelScope._deliver_cancellation


def watched_pass(self, origin):
    again = real_pass(self, origin)
    if origin is self and again and not any(is_covered(task, self) and not task.done() for task in loop.tasks):
        held = ", ".join(f"{name_of(task)} ({where(task)})" for task in loop.tasks if is_covered(task, self))
        broken(f"a pass of {name_of_scope(self)} scheduled another, but it holds {held or 'no task'}")
    return again


backend.CancelScope._deliver_cancellation = watched_pass


def look(at_rest):
    pass
)py";

const std::string_view kSingleFlight = R"py(
def look(at_rest):
    """Two scheduled passes of one scope: two delivery loops, from here on."""
    passes = [handle._callback.__self__ for handle in loop._ready if is_pass(handle)]
    for scope in passes:
        if passes.count(scope) > 1:
            broken(f"{passes.count(scope)} passes of {name_of_scope(scope)} are scheduled at once")
)py";

const std::string_view kPassOutOfScope = R"py(
real_pass = backend.CancelScope._deliver_cancellation
passing = None  # the scope whose pass runs


def watched_pass(self, origin):
    global passing
    if origin is not self:
        return real_pass(self, origin)
    passing = self
    try:
        return real_pass(self, origin)
    finally:
        passing = None


backend.CancelScope._deliver_cancellation = watched_pass


class WatchedTask(asyncio.Task):
    def cancel(self, msg=None):
        if passing is not None and not is_covered(self, passing):
            broken(f"a pass of {name_of_scope(passing)} cancels {name_of(self)} at {where(self)}: "
                   f"that is none of its tasks, or a shield is between them")
        return super().cancel(msg)


def look(at_rest):
    pass
)py";

const std::string_view kStartThroughShield = R"py(
class WatchedTask(asyncio.Task):
    def cancel(self, msg=None):
        caller = sys._getframe(1)
        if caller.f_code.co_name == "start" and not self.done():
            look_for_shield(self, caller.f_locals["self"])
        return super().cancel(msg)


def look_for_shield(child, group):
    scope = scope_of(child)
    while scope is not None and scope is not group.cancel_scope:
        if scope.shield:
            broken(f"a `start` that was cancelled ends its child {name_of(child)}, at {where(child)}, by asyncio's own "
                   f"cancel(): that goes through the shield of {name_of_scope(scope)}")
        scope = scope._parent_scope


def look(at_rest):
    pass
)py";

const std::string_view kSpuriousCancel = R"py(
class WatchedTask(asyncio.Task):
    def cancel(self, msg=None):
        is_anyio = str(msg).startswith("Cancelled via cancel scope ") or str(msg).startswith("Cancelled by cancel scope ")
        if is_anyio and not self.done() and cancelled_scope_around(self) is None:
            broken(f"{name_of(self)} at {where(self)} is cancelled, but is in no cancelled scope, or behind a shield")
        return super().cancel(msg)


def look(at_rest):
    pass
)py";

const std::string_view kBeforeStart = R"py(
real_pass = backend.CancelScope._deliver_cancellation
passing = 0  # passes that run


def watched_pass(self, origin):
    global passing
    passing += 1
    try:
        return real_pass(self, origin)
    finally:
        passing -= 1


backend.CancelScope._deliver_cancellation = watched_pass


class WatchedTask(asyncio.Task):
    def cancel(self, msg=None):
        if passing and inspect.getcoroutinestate(self.get_coro()) == inspect.CORO_CREATED:
            broken(f"a pass cancels {name_of(self)}, which has not run a line yet, and never will")
        return super().cancel(msg)


def look(at_rest):
    pass
)py";

}  // namespace cancelsim::properties::python::watches
