// asyncio.timeout(), and Timeout.reschedule().
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kName{"name", NameKind::timeout, NameRole::binds};
constexpr NumberOrNullField kDelay{"delay"};
constexpr NameField kTimeout{"timeout", NameKind::timeout};
constexpr NumberOrNullField kIn{"in"};

struct TimeoutBlock : Block {
    NamedTimeout* timeout;
};

/// `error`, or null, comes to the end of the block.
Poll leave_with(Body& body, Interpreter& run, Task& task, Error* error) {
    NamedTimeout& timeout = *body.top<TimeoutBlock>().timeout;
    Error* outer = body.handled;
    if (error != nullptr) body.handled = error;
    run.emit(events::TimeoutExitBegan{timeout.id, error});
    Error* raised = timeout.timeout.exit(run.kernel(), error);
    body.handled = outer;
    body.pop();
    Error* leaves = raised != nullptr ? raised : error;
    run.emit(events::TimeoutBlockLeft{task.id, timeout.id, timeout.timeout.expired(), leaves});
    return Poll::ended(leaves);
}

Poll leave(Body& body, Interpreter& run, Task& task) { return leave_with(body, run, task, nullptr); }

void hash(StateHash& hash, const Block& block) { hash.refer(static_cast<const TimeoutBlock&>(block).timeout); }

constexpr BlockType kTimeoutBlock{"asyncio_timeout", leave, leave_with, hash};

Poll execute_timeout(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    NamedTimeout& timeout = run.new_timeout();
    if (!kDelay.is_null(statement)) timeout.timeout.when = run.kernel().after(kDelay.of(statement));
    run.bind_timeout(kName.of(statement), timeout);
    body.push<TimeoutBlock>(run, kTimeoutBlock).timeout = &timeout;
    timeout.timeout.enter(run.kernel());
    run.emit(events::TimeoutEntered{task.id, timeout.id, timeout.timeout.when});
    return Poll::returned();
}

Poll execute_reschedule(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    NamedTimeout* timeout = run.timeout_named(kTimeout.of(statement));
    if (timeout == nullptr) return body.skipped(run, task);
    const sim::Time when = kIn.is_null(statement) ? sim::kInfinity : run.kernel().after(kIn.of(statement));
    Error* error = timeout->timeout.reschedule(run.kernel(), when);
    if (error != nullptr) return body.raised(run, task, error);
    run.emit(events::TimeoutRescheduled{timeout->id, when});
    return Poll::returned();
}

bool lose_delay(Statement& statement) {
    if (kDelay.is_null(statement)) return false;
    statement.has_number = false;
    statement.number = 0;
    return true;
}

constexpr bool (*kTimeoutSimpler[])(Statement&){lose_delay};

}  // namespace

/// The generator draws every statement of asyncio's own as this one.
constexpr StatementType statements::asyncio_timeout{
    .name = "asyncio_timeout",
    .fields = Fields{kName, kDelay, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"async with asyncio.timeout({delay}) as {name}:"}},
    .execution = Execution{.execute = execute_timeout, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.native = 41}, .write = write_asyncios_own, .nests = true},
    .shrinking = Shrinking{.weight = 5, .simpler = kTimeoutSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::reschedule{
    .name = "reschedule",
    .fields = Fields{kTimeout, kIn},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{timeout}.reschedule(anyio.current_time() + {in})"}, {"{timeout}.reschedule(None)"}},
    .execution = Execution{.execute = execute_reschedule, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
