// A loop of so many rounds.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NumberField kTimes{"times", 1};

struct RepeatBlock : Block {
    std::int64_t remaining;  ///< rounds after this one
};

/// The end of a round.
Poll leave(Body& body, Interpreter&, Task&) {
    auto& block = body.top<RepeatBlock>();
    if (block.remaining == 0) {
        body.pop();
    } else {
        --block.remaining;
        body.next = block.statement + 1;
    }
    return Poll::returned();
}

Poll unwind(Body& body, Interpreter&, Task&, Error* error) {
    body.pop();
    return Poll::ended(error);
}

void hash(StateHash& hash, const Block& block) {
    hash.add(static_cast<std::uint64_t>(static_cast<const RepeatBlock&>(block).remaining));
}

constexpr BlockType kRepeatBlock{"repeat", leave, unwind, hash};

Poll execute(Body& body, Interpreter& run, Task&, const Statement& statement) {
    if (statement.size > 1) body.push<RepeatBlock>(run, kRepeatBlock).remaining = kTimes.of(statement) - 1;
    return Poll::returned();
}

/// No loop in a loop.
void write(ProgramBuilder& b) {
    if (b.loops() > 0) return b.wait();
    b.repeat(2 + b.random.below(3), [&] { write_body(b, 2); });
}

}  // namespace

constexpr StatementType statements::repeat{
    .name = "repeat",
    .fields = Fields{kTimes, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"for _ in range({times}):"}},
    .execution = Execution{.execute = execute, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 2, .misuse = 1, .start = 1, .objects = 2, .native = 2},
                             .write = write,
                             .nests = true},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later(""),
};

}  // namespace cancelsim::scenarios
