#include "properties/export/python/watch.h"

#include <array>

#include "properties/export/python/text.h"
#include "properties/export/python/watch_texts.h"

namespace cancelsim::properties::python {

namespace {

using namespace watches;

/// The first whose contract and place fit.
constexpr std::size_t kWatches = 28;
const std::array<Watch, kWatches>& all_watches() {
    static const std::array<Watch, kWatches> table{{
        {"caught-is-ours", "native folded, dropped", kNativeInGroupExit},
        {"caught-is-ours", "native dropped", kNativeInGroupExit},
        {"caught-is-ours", "native", kNativeSwallowed},
        {"caught-is-ours", "wrong TimeoutError", kWrongTimeout},
        {"caught-is-ours", "", kCaught},
        {"clean-exit", "", kCleanExit},
        {"deadline", "", kDeadline},
        {"deferred-self-delivery", "", kSelfCancelled},
        {"errors-arrive", "", kErrorsArrive},
        {"group-joins", "", kGroupJoins},
        {"group-outcome", "", kGroupOutcome},
        {"no-hot-loop", "", kHotLoop},
        {"no-livelock", "", kLivelock},
        {"no-lost-wakeup", "", kLostWakeup},
        {"no-rearm-without-live-tasks", "", kRearm},
        {"no-spurious-cancel", "", kSpuriousCancel},
        {"not-before-start", "", kBeforeStart},
        {"redelivery", "", kParked},
        {"shield-holds", "cancelled start", kStartThroughShield},
        {"shield-holds", "past a", kPassOutOfScope},
        {"shield-holds", "task outside the scope", kPassOutOfScope},
        {"shield-holds", "", kParked},
        {"single-flight", "", kSingleFlight},
        {"start-handshake", "never returned", kLostWakeup},
        {"start-handshake", "cancelled, ", kStartWaits},
        {"start-handshake", "child of a cancelled start", kStartCancelsGroup},
        {"start-handshake", "", kStartHandshake},
        {"uncancel-balance", "", kUncancelBalance},
    }};
    return table;
}

struct Helper {
    std::string_view name;
    std::string_view text;
};

/// What watches call, and what these helpers call: who calls comes before who is called.
constexpr std::array kHelpers{
    Helper{"is_in", R"py(
def is_in(task, scope):
    """Whether the task, done or not, is in `scope` or in one inside it."""
    at = scope_of(task)
    while at is not None and at is not scope:
        at = at._parent_scope
    return at is not None
)py"},
    Helper{"is_covered", R"py(
def is_covered(task, scope):
    """Whether it is for `scope` to cancel the task: no shield, and no scope with a cancellation of its own, is between."""
    at = scope_of(task)
    while at is not None and at is not scope:
        at = None if at.shield or at.cancel_called else at._parent_scope
    return at is not None
)py"},
    Helper{"cancelled_scope_around", R"py(
def cancelled_scope_around(task):
    """The cancelled scope for which the task is to be interrupted: no shield is between them. None if there is none."""
    scope = scope_of(task)
    while scope is not None and not scope.cancel_called:
        scope = None if scope.shield else scope._parent_scope
    return scope
)py"},
    Helper{"scope_of", R"py(
def scope_of(task):
    """The innermost scope of a task, as anyio has noted it."""
    state = backend._task_states.get(task)
    return state.cancel_scope if state else None
)py"},
    Helper{"leaves", R"py(
def leaves(error):
    """The exceptions in an exception group, or in none."""
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in leaves(inner)]
    return [] if error is None else [error]
)py"},
    Helper{"name_of_scope", R"py(
def name_of_scope(scope):
    """What the program calls it."""
    coroutines = [program_coroutine(task) for task in loop.tasks]
    for names in [globals(), *(coroutine.cr_frame.f_locals for coroutine in coroutines if coroutine)]:
        for name, value in names.items():
            if value is scope or (isinstance(value, backend.TaskGroup) and value.cancel_scope is scope):
                return name
    host = scope._host_task
    return f"a scope of {name_of(host)}" if host else "a scope without a name"
)py"},
};

/// Every file has these.
constexpr std::string_view kAlways = R"py(
def program_coroutine(task):
    """The task's own `async def` in this file: None if it has not started, or is done."""
    coroutine = task.get_coro()
    while coroutine is not None and getattr(coroutine, "cr_code", None) is not None:
        if coroutine.cr_frame is not None and coroutine.cr_code.co_filename == THIS_FILE:
            return coroutine if inspect.getcoroutinestate(coroutine) != inspect.CORO_CREATED else None
        coroutine = coroutine.cr_await
    return None


def where(task):
    if task.done():
        return "done"
    coroutine = program_coroutine(task)
    if coroutine is None:
        return "not started"
    line = coroutine.cr_frame.f_lineno
    return f"line {line} `{linecache.getline(THIS_FILE, line).strip()}`"


def name_of(task):
    name = task.get_name()  # anyio names tasks after their functions, asyncio numbers them
    return task.get_coro().__name__ if name.startswith("Task-") else name.rpartition(".")[2]


def broken(what):
    finish(1, f"BROKEN - {what}")


def kept(why):
    finish(0, f"kept - {why} after {loop.iteration} iterations of the loop, and nothing broke it")


def finish(code, text):
    """Ends the process at once: whatever the program still does is of no interest any more."""
    print("happened:", text)
    for task in loop.tasks:
        print(f"          {name_of(task)}: {where(task)}")
    sys.stdout.flush()
    os._exit(code)
)py";

bool calls(const std::string& text, std::string_view function) {
    return text.find(std::string(function) + "(") != std::string::npos;
}

}  // namespace

const Watch* find_watch(std::string_view contract, std::string_view place) {
    for (const Watch& watch : all_watches())
        if (watch.contract == contract && place.starts_with(watch.place)) return &watch;
    return nullptr;
}

std::string watch_section(const Watch& watch, bool stubborn, bool real_time) {
    std::string text = filled(watch.text, {{"REFUSES", stubborn ? "(asyncio.Task, StubbornFuture)" : "asyncio.Task"},
                                           {"WENT_ON", real_time ? "" : kParkedWentOn},
                                           {"OR_WENT_ON", real_time ? "" : kSelfCancelledWentOn},
                                           {"LIMIT", real_time ? "2000" : "100"},
                                           {"TIME_MOVED", real_time ? "" : " or loop.time() != stuck_since"}});
    std::string helpers;
    for (const Helper& helper : kHelpers) {
        if (!calls(text, helper.name) && !calls(helpers, helper.name)) continue;
        helpers += filled(helper.text) + "\n\n";
    }
    return text + "\n\n" + helpers + filled(kAlways);
}

std::string_view task_class(const Watch& watch) {
    return watch.text.find("class WatchedTask(") != std::string_view::npos ? "WatchedTask" : "asyncio.Task";
}

}  // namespace cancelsim::properties::python
