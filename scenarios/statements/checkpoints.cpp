// anyio.lowlevel: checkpoint, checkpoint_if_cancelled, cancel_shielded_checkpoint.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

Poll execute_checkpoint(Body& body, Interpreter& run, Task& task, const Statement&) { return body.give_way(run, task); }

Poll execute_if_cancelled(Body& body, Interpreter& run, Task& task, const Statement&) {
    if (!model::checkpoint_if_cancelled_yields(run.kernel(), task)) return body.awaited(run, task, nullptr);
    task.waits_for = {sim::WaitKind::poll};
    return body.wait(run, task, Poll::yielded());
}

/// It loops on sleep(0) until an exception arrives.
Poll resume_if_cancelled(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    return with.thrown == nullptr ? Poll::yielded() : body.awaited(run, task, with.thrown);
}

Poll execute_shielded(Body& body, Interpreter& run, Task& task, const Statement&) {
    task.waits_for = {sim::WaitKind::shielded_checkpoint};
    return body.wait_for(run, task, [&]() -> sim::Frame& { return model::cancel_shielded_checkpoint(run.kernel()); });
}

void offer_checkpoint(SmallCases& cases, const SmallScene& scene) { cases.add_wait(scene, {.op = Op::checkpoint}); }
void offer_if_cancelled(SmallCases& cases, const SmallScene& scene) {
    if (scene.in_some_scope[static_cast<std::size_t>(scene.who)])
        cases.add_wait(scene, {.op = Op::checkpoint_if_cancelled});
}

constexpr bool (*kSimpler[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::checkpoint{
    .name = "checkpoint",
    .fields = Fields{},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await anyio.lowlevel.checkpoint()"}},
    .execution = Execution{.execute = execute_checkpoint, .resume = end_as_wait, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 5, .misuse = 5, .start = 5, .objects = 6, .native = 6},
                             .write = [](ProgramBuilder& b) { b.add(Op::checkpoint); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 1, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::wait, .offer = offer_checkpoint, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::always,
    .telling = told_later("in checkpoint"),
};

constexpr StatementType statements::checkpoint_if_cancelled{
    .name = "checkpoint_if_cancelled",
    .fields = Fields{},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await anyio.lowlevel.checkpoint_if_cancelled()"}},
    .execution = Execution{.execute = execute_if_cancelled, .resume = resume_if_cancelled, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kSimpler},
    .small_scope = SmallScope{.turn = Turn::wait, .offer = offer_if_cancelled, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::if_cancelled,
    .telling = told_later("in checkpoint_if_cancelled"),
};

constexpr StatementType statements::cancel_shielded_checkpoint{
    .name = "cancel_shielded_checkpoint",
    .fields = Fields{},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await anyio.lowlevel.cancel_shielded_checkpoint()"}},
    .execution = Execution{.execute = execute_shielded, .resume = end_as_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::always,
    .telling = told_later("in cancel_shielded_checkpoint"),
};

}  // namespace cancelsim::scenarios
