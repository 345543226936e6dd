// A remark in the trace.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kText{"text", NameKind::text};

Error* note(Interpreter& run, std::uint32_t at, Task* task) {
    run.emit(events::Noted{Interpreter::id_of(task), at});
    return nullptr;
}

}  // namespace

constexpr StatementType statements::note{
    .name = "note",
    .fields = Fields{kText},
    .check = nothing_more_to_check,
    .python = PythonForms{{"print({text})"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = scenarios::note},
    .generation = Generation{.weights = Weights{.blocks = 1},
                             .write = [](ProgramBuilder& b) { b.add(Op::note, generated::kNote); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later(""),
};

}  // namespace cancelsim::scenarios
