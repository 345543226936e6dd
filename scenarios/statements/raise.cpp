// An ordinary exception.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kError{"error", NameKind::error};

Poll execute(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Error* error = run.kernel().new_error(sim::ErrorKind::named);
    error->name = kError.of(statement);
    return body.raised(run, task, run.kernel().raise(error));
}

void offer(SmallCases& cases, const SmallScene& scene) {
    if (cases.in_block()) cases.add(scene, {.op = Op::raise, .name = small::kError});
}

}  // namespace

constexpr StatementType statements::raise{
    .name = "raise",
    .fields = Fields{kError},
    .check = nothing_more_to_check,
    .python = PythonForms{{"raise Exception({error})"}},
    .execution = Execution{.execute = execute, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 3, .misuse = 2, .start = 4},
                             .write = [](ProgramBuilder& b) { b.add(Op::raise, b.error()); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer, .awaits = false, .ends_block = true},
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "",
                       .thing = "",
                       .leaves_by_hand = false,
                       .ends_as_said = true,
                       .cancels_before_wait = "",
                       .cancels_after_wait = ""},
};

}  // namespace cancelsim::scenarios
