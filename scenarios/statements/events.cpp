// anyio.Event.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kWaited{"event", NameKind::event, NameRole::waits_on};
constexpr NameField kSet{"event", NameKind::event, NameRole::answers};

/// `mark`: whether it is in the event's queue.
Poll execute_wait(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    const Poll poll = model::event_wait(run.kernel(), run.event_named(kWaited.of(statement)), task);
    if (!poll.gives_way()) return body.awaited(run, task, nullptr);
    task.waits_for = {sim::WaitKind::event, kWaited.of(statement)};
    body.mark = poll.kind == Poll::Kind::awaiting ? 1 : 0;
    return body.wait(run, task, poll);
}

Poll resume_wait(Body& body, Interpreter& run, Task& task, const Statement& statement, Resume with) {
    if (body.mark != 0) model::event_wait_ends(run.event_named(kWaited.of(statement)), task);
    task.waits_for = {sim::WaitKind::event, kWaited.of(statement)};
    body.mark = 0;
    return body.awaited(run, task, with.thrown);
}

Error* set(Interpreter& run, std::uint32_t at, Task*) {
    run.event_named(kSet.of(run.program().statements[at])).set(run.kernel());
    return nullptr;
}

/// An answer to those who wait, for an event or a future.
void write_answer(ProgramBuilder& b) {
    b.flip() ? b.add(Op::event_set, b.event()) : b.add(Op::future_resolve, b.future());
}

void offer_wait(SmallCases& cases, const SmallScene& scene) {
    SmallScene waiting = scene;
    waiting.event_wait = true;
    cases.add_wait(waiting, {.op = Op::event_wait, .name = small::kEvent});
}

void offer_set(SmallCases& cases, const SmallScene& scene) {
    const Statement statement{.op = Op::event_set, .name = small::kEvent};
    if (cases.follows(statement)) return;
    SmallScene then = scene;
    then.event_set = true;
    cases.add(then, statement);
}

constexpr bool (*kSimpler[])(Statement&){become_checkpoint, become_sleep};

}  // namespace

constexpr StatementType statements::event_wait{
    .name = "event_wait",
    .fields = Fields{kWaited},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await {event}.wait()"}},
    .execution = Execution{.execute = execute_wait, .resume = resume_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimpler},
    .small_scope = SmallScope{.turn = Turn::wait, .offer = offer_wait, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::always,
    .telling = told_later("parked in event_wait"),
};

constexpr StatementType statements::event_set{
    .name = "event_set",
    .fields = Fields{kSet},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{event}.set()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = set},
    .generation = Generation{.weights = Weights{.blocks = 5, .misuse = 4, .start = 5, .objects = 3, .native = 3},
                             .write = write_answer,
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_set, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
