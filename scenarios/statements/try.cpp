// try, with except and finally.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array<std::string_view, 4> kCatchWords{"", "cancelled", "error", "all"};
constexpr std::array<std::string_view, 3> kThenWords{"swallow", "reraise", "raise_cancelled"};

constexpr WordField kCatch{"catch", kCatchWords, Slot::catches};
constexpr WordField kThen{"then", kThenWords, Slot::then, "catch"};
constexpr PartField kHandler{"handler", FieldKind::handler, false, "catch"};
constexpr PartField kFinally{"finally", FieldKind::finally, false};

std::optional<StatementFault> check(const Case& program, std::uint32_t at, bool) {
    const Statement& statement = program.statements[at];
    if (statement.catches != Catch::none) return std::nullopt;
    if (!statement.has_finally) return StatementFault{"", "\"catch\" or \"finally\" or both", "neither"};
    if (statement.then != Then::swallow || statement.handler != statement.finally)
        return StatementFault{"catch", "\"catch\" beside \"handler\" and \"then\"", "no such key"};
    return std::nullopt;
}

struct TryBlock : Block {
    enum class Phase : std::uint8_t { body, handler, finally };
    Phase phase;
    Error* caught;         ///< what its handler handles
    Error* pending;        ///< what its `finally` will raise again
    Error* outer_handled;  ///< what the frame handled before this phase
};

/// A `try` without `finally` ends here; `pending` goes on.
Poll enter_finally(Body& body, Error* pending) {
    auto& block = body.top<TryBlock>();
    const Statement& statement = body.code[block.statement];
    if (statement.finally == statement.size) {
        body.pop();
        return Poll::ended(pending);
    }
    block.phase = TryBlock::Phase::finally;
    block.pending = pending;
    block.outer_handled = body.handled;
    if (pending != nullptr) body.handled = pending;
    body.go_to(block.statement + statement.finally, block.statement + statement.size);
    return Poll::returned();
}

/// The end of the except clause.
Poll leave_handler(Body& body, Interpreter& run) {
    const auto& block = body.top<TryBlock>();
    const Then then = body.code[block.statement].then;
    Error* error = nullptr;
    if (then == Then::reraise) error = block.caught;
    if (then == Then::raise_cancelled) error = run.kernel().raise(sim::ErrorKind::cancelled);
    body.handled = block.outer_handled;
    return enter_finally(body, error);
}

Poll leave(Body& body, Interpreter& run, Task&) {
    const auto& block = body.top<TryBlock>();
    switch (block.phase) {
        case TryBlock::Phase::body: return enter_finally(body, nullptr);
        case TryBlock::Phase::handler: return leave_handler(body, run);
        case TryBlock::Phase::finally: break;
    }
    body.handled = block.outer_handled;
    Error* pending = block.pending;
    body.pop();
    return Poll::ended(pending);
}

bool catches(const Statement& statement, const Error& error) {
    switch (statement.catches) {
        case Catch::none: return false;
        case Catch::cancelled: return error.is_cancelled();
        case Catch::error: return !error.is_cancelled();
        case Catch::all: return true;
    }
    return false;
}

Poll unwind(Body& body, Interpreter& run, Task& task, Error* error) {
    auto& block = body.top<TryBlock>();
    const Statement& statement = body.code[block.statement];
    switch (block.phase) {
        case TryBlock::Phase::body:
            if (!catches(statement, *error)) return enter_finally(body, error);
            run.emit(events::Caught{task.id, block.statement, error, statement.then == Then::swallow});
            block.phase = TryBlock::Phase::handler;
            block.caught = error;
            block.outer_handled = body.handled;
            body.handled = error;
            body.go_to(block.statement + statement.handler, block.statement + statement.finally);
            return Poll::returned();
        case TryBlock::Phase::handler: body.handled = block.outer_handled; return enter_finally(body, error);
        case TryBlock::Phase::finally: break;
    }
    body.handled = block.outer_handled;
    body.pop();
    return Poll::ended(error);
}

void hash(StateHash& hash, const Block& base) {
    const auto& block = static_cast<const TryBlock&>(base);
    hash.add(static_cast<std::uint64_t>(block.phase));
    hash.add_error(block.caught);
    hash.add_error(block.pending);
    hash.add_error(block.outer_handled);
}

constexpr BlockType kTryBlock{"try", leave, unwind, hash};

Poll execute(Body& body, Interpreter& run, Task&, const Statement& statement) {
    body.push<TryBlock>(run, kTryBlock, body.current + statement.handler);
    return Poll::returned();
}

/// Every kind of `try`; one in three has a handler that waits: then exceptions meet others that are being handled.
void write(ProgramBuilder& b) {
    const std::uint32_t kind = b.random.below(8);
    auto body = [&] { write_body(b, 2); };
    auto handler = [&] {
        if (b.flip()) write_body(b, 2);
    };
    auto finally = [&] { write_body(b, 2); };
    if (kind == 0) {
        b.attempt(
            {Catch::none, Then::swallow}, body, [] {}, finally);
        return;
    }
    const Catch caught = kind < 5 ? Catch::cancelled : kind < 7 ? Catch::all : Catch::error;
    const std::uint32_t how = b.random.below(8);
    const Then then = how < 4 ? Then::swallow : how < 6 ? Then::reraise : Then::raise_cancelled;
    if (b.random.chance(1, 4))
        b.attempt({caught, then}, body, handler, finally);
    else
        b.attempt({caught, then}, body, handler);
}

void offer(SmallCases& cases, const SmallScene& scene) {
    cases.open(scene, {.op = Op::try_, .catches = Catch::cancelled});
}

}  // namespace

constexpr StatementType statements::try_{
    .name = "try",
    .fields = Fields{kBody, kCatch, kThen, kHandler, kFinally},
    .check = check,
    .python = PythonForms{},
    .execution = Execution{.execute = execute, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 12, .misuse = 8, .start = 8, .objects = 8, .native = 8},
                             .write = write,
                             .nests = true},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::block, .offer = offer, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = told_later(""),
};

}  // namespace cancelsim::scenarios
