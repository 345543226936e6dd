// asyncio's own Task.cancel() and Task.uncancel().
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kTask{"task", NameKind::task};

Error* cancel(Interpreter& run, std::uint32_t at, Task* task) {
    if (Task* target = run.task_named(kTask.of(run.program().statements[at])))
        run.kernel().cancel_task(*target, 0);
    else
        run.skips(at, task);
    return nullptr;
}

Poll execute_uncancel(Body&, Interpreter& run, Task& task, const Statement&) {
    run.kernel().uncancel(task);
    return Poll::returned();
}

void offer_cancel(SmallCases& cases, const SmallScene& scene) {
    cases.add(scene, {.op = Op::native_cancel, .name = small::kMain});
    if (scene.spawned) cases.add(scene, {.op = Op::native_cancel, .name = small::kTask});
}

}  // namespace

constexpr StatementType statements::native_cancel{
    .name = "native_cancel",
    .fields = Fields{kTask},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{task}.cancel()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = scenarios::cancel},
    .generation = Generation{.weights = Weights{.blocks = 4, .misuse = 3, .start = 4, .objects = 5, .native = 5},
                             .write = [](ProgramBuilder& b) { b.add(Op::native_cancel, b.some_task()); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_cancel, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::uncancel{
    .name = "uncancel",
    .fields = Fields{},
    .check = nothing_more_to_check,
    .python = PythonForms{{"asyncio.current_task().uncancel()"}},
    .execution = Execution{.execute = execute_uncancel, .resume = never_waits, .outside = nullptr},
    .generation =
        Generation{
            .weights = Weights{.misuse = 1}, .write = [](ProgramBuilder& b) { b.add(Op::uncancel); }, .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
