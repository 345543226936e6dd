// anyio.sleep.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NumberField kFor{"for", 0};

Poll execute(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    return body.sleep(run, task, kFor.of(statement));
}

Poll resume(Body& body, Interpreter& run, Task& task, const Statement& statement, Resume with) {
    return body.slept(run, task, kFor.of(statement), with);
}

void offer(SmallCases& cases, const SmallScene& scene) { cases.add_wait(scene, {.op = Op::sleep, .number = 1}); }

constexpr bool (*kSimpler[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::sleep{
    .name = "sleep",
    .fields = Fields{kFor},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await anyio.sleep({for})"}},
    .execution = Execution{.execute = execute, .resume = resume, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 7, .misuse = 7, .start = 5, .objects = 8, .native = 8},
                             .write = [](ProgramBuilder& b) { b.sleep(); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kSimpler},
    .small_scope = SmallScope{.turn = Turn::wait, .offer = offer, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::always,
    .telling = told_later("parked in sleep"),
};

}  // namespace cancelsim::scenarios
