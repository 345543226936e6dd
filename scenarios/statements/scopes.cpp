// anyio's CancelScope: as a block (scope, fail_after), and entered and left by hand (enter, exit).
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

using model::CancelScope;
using model::ExitResult;

constexpr NameField kName{"name", NameKind::scope, NameRole::binds};
constexpr NumberField kDelay{"delay", 0};
constexpr FlagField kCancelFirst{"cancel_first", false, Slot::cancel_first};
constexpr NameField kLeft{"scope", NameKind::scope};

/// Printed are the first that fit: what a person would write. With `cancel_first`, the block is entered by its name.
constexpr PythonForms kScopeForms{
    {"with anyio.CancelScope(shield={shield}) as {name}:"},
    {"with anyio.move_on_after({deadline}, shield={shield}) as {name}:"},
    {"{name} = anyio.CancelScope(shield={shield})\n{name}.cancel()\nwith {name}:", "cancel_first"},
    {"{name} = anyio.move_on_after({deadline}, shield={shield})\n{name}.cancel()\nwith {name}:", "cancel_first"},
    {"with anyio.CancelScope(deadline=anyio.current_time() + {deadline}, shield={shield}) as {name}:"},
    {"{name} = anyio.CancelScope(deadline=anyio.current_time() + {deadline}, shield={shield})\n"
     "{name}.cancel()\nwith {name}:",
     "cancel_first"},
    {"{name} = anyio.CancelScope(shield={shield})\nwith {name}:"},
    {"{name} = anyio.move_on_after({deadline}, shield={shield})\nwith {name}:"},
    {"{name} = anyio.CancelScope(deadline=anyio.current_time() + {deadline}, shield={shield})\nwith {name}:"},
};

// Execution.

struct ScopeBlock : Block {
    CancelScope* scope;
};

using Exit = ExitResult (*)(Interpreter& run, CancelScope& scope, Error* error);

/// `error`, or null, comes to the end of the block.
template <Exit exit_scope>
Poll leave_with(Body& body, Interpreter& run, Task& task, Error* error) {
    CancelScope& scope = *body.top<ScopeBlock>().scope;
    Error* outer = body.handled;
    if (error != nullptr) body.handled = error;
    const ExitResult exit = exit_scope(run, scope, error);
    body.handled = outer;
    body.pop();
    Error* leaves = exit.raised != nullptr ? exit.raised : exit.swallow ? nullptr : error;
    run.emit(events::ScopeBlockLeft{task.id, scope.id, leaves});
    return Poll::ended(leaves);
}

template <Exit exit_scope>
Poll leave(Body& body, Interpreter& run, Task& task) {
    return leave_with<exit_scope>(body, run, task, nullptr);
}

void hash(StateHash& hash, const Block& block) { hash.refer(static_cast<const ScopeBlock&>(block).scope); }

ExitResult exit_plainly(Interpreter& run, CancelScope& scope, Error* error) { return scope.exit(run.kernel(), error); }
ExitResult exit_fail_after(Interpreter& run, CancelScope& scope, Error* error) {
    return model::fail_after_exit(run.kernel(), scope, error);
}

constexpr BlockType kScopeBlock{"scope", leave<exit_plainly>, leave_with<exit_plainly>, hash};
constexpr BlockType kFailAfterBlock{"fail_after", leave<exit_fail_after>, leave_with<exit_fail_after>, hash};

Poll enter_block(Body& body, Interpreter& run, const Statement& statement, const BlockType& type, sim::Time deadline) {
    CancelScope& scope = run.kernel().new_scope(deadline, kShield.of(statement));
    run.bind_scope(kName.of(statement), scope);
    body.push<ScopeBlock>(run, type).scope = &scope;
    if (kCancelFirst.of(statement)) scope.cancel(run.kernel());
    scope.enter(run.kernel());  // a new scope: it cannot fail
    return Poll::returned();
}

Poll execute_scope(Body& body, Interpreter& run, Task&, const Statement& statement) {
    return enter_block(body, run, statement, kScopeBlock, deadline_of(run, statement));
}

Poll execute_fail_after(Body& body, Interpreter& run, Task&, const Statement& statement) {
    return enter_block(body, run, statement, kFailAfterBlock, run.kernel().after(kDelay.of(statement)));
}

Poll execute_enter(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    run.emit(events::ByHand{task.id, body.current});
    CancelScope& scope = run.kernel().new_scope(deadline_of(run, statement), kShield.of(statement));
    run.bind_scope(kName.of(statement), scope);
    scope.enter(run.kernel());
    return Poll::returned();
}

Poll execute_exit(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    run.emit(events::ByHand{task.id, body.current});
    CancelScope* scope = run.scope_named(kLeft.of(statement));
    if (scope == nullptr) return body.skipped(run, task);
    Error* error = scope->exit(run.kernel(), nullptr).raised;
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

// Generation.

void write_some_scope(ProgramBuilder& b) {
    b.any_scope([&](Name) { write_body(b, 4); });
}

void write_enter(ProgramBuilder& b) { b.enter(b.random_options()); }

void write_exit(ProgramBuilder& b) {
    const Name by_hand = b.some_by_hand();
    b.add(Op::exit, by_hand != kNoName && b.random.chance(7, 8) ? by_hand : generated::scope(0));
}

// Simplification.

/// A scope with the delay as its deadline.
bool become_scope_with_deadline(Statement& statement) {
    statement.op = Op::scope;
    statement.has_number = true;
    return true;
}

bool become_scope(Statement& statement) {
    statement.op = Op::scope;
    statement.number = 0;
    return true;
}

constexpr bool (*kScopeInstead[])(Statement&){become_scope_with_deadline, become_scope};

// Small cases.

void offer_scope(SmallCases& cases, const SmallScene& scene) {
    cases.for_each_bindable(scene, [&](const SmallScene& bound, std::uint32_t i) {
        for (const bool shield : {false, true}) {
            for (const int start : {0, 1, 2, 3}) {
                SmallScene then = bound;
                if (!SmallCases::starts(then.slots[i], shield, start >= 2)) continue;
                cases.open(then,
                           {.op = Op::scope,
                            .flag = shield,
                            .has_number = start == 1 || start == 2,
                            .cancel_first = start == 3,
                            .name = i,
                            .number = start == 1 ? 1 : 0},
                           i);
            }
        }
    });
}

void offer_exit(SmallCases& cases, const SmallScene& scene) {
    for (std::uint32_t i = 0; i < small::kSlots; ++i)
        if (scene.slots[i].state == SmallSlot::State::bound && scene.slots[i].by_hand)
            cases.add(scene, {.op = Op::exit, .name = i});
}

void offer_enter(SmallCases& cases, const SmallScene& scene) {
    cases.for_each_bindable(scene, [&](const SmallScene& bound, std::uint32_t i) {
        SmallScene then = bound;
        then.slots[i].by_hand = true;
        if (!SmallCases::starts(then.slots[i], false, false)) return;
        cases.add(then, {.op = Op::enter, .name = i});
        cases.add(then, {.op = Op::enter, .has_number = true, .name = i, .number = 1});
    });
}

}  // namespace

/// The generator draws any of `scope`, `group` and `fail_after` as a `scope`.
constexpr StatementType statements::scope{
    .name = "scope",
    .fields = Fields{kName, kShield, kDeadline, kCancelFirst, kBody},
    .check = nothing_more_to_check,
    .python = kScopeForms,
    .execution = Execution{.execute = execute_scope, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 14, .misuse = 9, .start = 12, .objects = 9, .native = 9},
                             .write = write_some_scope,
                             .nests = true},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::block, .offer = offer_scope, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "",
                       .thing = "scope",
                       .leaves_by_hand = false,
                       .ends_as_said = false,
                       .cancels_before_wait = " before entering it",
                       .cancels_after_wait = " before entering it"},
};

constexpr StatementType statements::fail_after{
    .name = "fail_after",
    .fields = Fields{kName, kDelay, kShield, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"with anyio.fail_after({delay}, shield={shield}) as {name}:"}},
    .execution = Execution{.execute = execute_fail_after, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 5, .simpler = kScopeInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("", "fail_after"),
};

constexpr StatementType statements::enter{
    .name = "enter",
    .fields = Fields{kName, kShield, kDeadline},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{name} = anyio.CancelScope(shield={shield}).__enter__()"},
                          {"{name} = anyio.move_on_after({deadline}, shield={shield}).__enter__()"},
                          {"{name} = anyio.CancelScope(deadline=anyio.current_time() + {deadline}, "
                           "shield={shield}).__enter__()"}},
    .execution = Execution{.execute = execute_enter, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.misuse = 6}, .write = write_enter, .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::by_hand, .offer = offer_enter, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = told_later("", "scope"),
};

constexpr StatementType statements::exit{
    .name = "exit",
    .fields = Fields{kLeft},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{scope}.__exit__(None, None, None)"}},
    .execution = Execution{.execute = execute_exit, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.misuse = 4}, .write = write_exit, .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::by_hand, .offer = offer_exit, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "",
                       .thing = "scope",
                       .leaves_by_hand = true,
                       .ends_as_said = false,
                       .cancels_before_wait = "",
                       .cancels_after_wait = ""},
};

}  // namespace cancelsim::scenarios
