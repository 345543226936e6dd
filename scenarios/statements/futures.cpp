// A bare asyncio.Future: what is not anyio's, as a task may wait on in the depths of a library.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kWaited{"future", NameKind::future, NameRole::waits_on};
constexpr NameField kResolved{"future", NameKind::future, NameRole::answers};

Poll execute_wait(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    sim::Future& future = run.future_named(kWaited.of(statement));
    task.waits_for = {sim::WaitKind::future, kWaited.of(statement)};
    if (!future.done()) return body.wait(run, task, Poll::awaiting(future));
    return body.awaited(run, task,
                        future.cancelled() ? run.kernel().raise(run.kernel().take_exception(future)) : nullptr);
}

Error* resolve(Interpreter& run, std::uint32_t at, Task*) {
    sim::Future& future = run.future_named(kResolved.of(run.program().statements[at]));
    if (!future.done()) run.kernel().set_result(future);
    return nullptr;
}

constexpr bool (*kSimpler[])(Statement&){become_checkpoint, become_sleep};

}  // namespace

constexpr StatementType statements::future_wait{
    .name = "future_wait",
    .fields = Fields{kWaited},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await {future}"}},
    .execution = Execution{.execute = execute_wait, .resume = end_as_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in future_wait"),
};

/// The generator draws it as an `event_set`.
constexpr StatementType statements::future_resolve{
    .name = "future_resolve",
    .fields = Fields{kResolved},
    .check = nothing_more_to_check,
    .python = PythonForms{{"if not {future}.done(): {future}.set_result(None)"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = resolve},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
