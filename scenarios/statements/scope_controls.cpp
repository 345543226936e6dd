// What can be done to a scope, or a group, from anywhere: cancel, set_shield, set_deadline.
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kScope{"scope", NameKind::scope};
constexpr FlagField kValue{"value", true};
constexpr NumberOrNullField kIn{"in"};

/// Does it to the scope that the statement names, if there is one.
template <void (*act)(Interpreter& run, model::CancelScope& scope, const Statement& statement)>
Error* control(Interpreter& run, std::uint32_t at, Task* task) {
    const Statement& statement = run.program().statements[at];
    if (model::CancelScope* scope = run.scope_named(kScope.of(statement)))
        act(run, *scope, statement);
    else
        run.skips(at, task);
    return nullptr;
}

void cancel(Interpreter& run, model::CancelScope& scope, const Statement&) { scope.cancel(run.kernel()); }
void set_shield(Interpreter& run, model::CancelScope& scope, const Statement& statement) {
    scope.set_shield(run.kernel(), kValue.of(statement));
}
void set_deadline(Interpreter& run, model::CancelScope& scope, const Statement& statement) {
    scope.set_deadline(run.kernel(), kIn.is_null(statement) ? sim::kInfinity : run.kernel().after(kIn.of(statement)));
}

/// A cancellation that nobody waits after shows nothing.
void write_cancel(ProgramBuilder& b) {
    const Name name = b.some_scope();
    if (name == kNoName) return b.wait();
    b.add(Op::cancel, name);
    if (b.flip()) b.wait();
}

void write_set_shield(ProgramBuilder& b) {
    if (const Name name = b.some_scope(); name == kNoName)
        b.wait();
    else
        b.set_shield(name, b.flip());
}

void write_set_deadline(ProgramBuilder& b) {
    if (const Name name = b.some_scope(); name == kNoName)
        b.wait();
    else if (b.random.chance(1, 6))
        b.write_deed({.op = Op::set_deadline, .name = name});
    else
        b.set_deadline(name, b.small_or_past());
}

bool become_cancel(Statement& statement) {
    statement = {.op = Op::cancel, .name = kScope.of(statement)};
    return true;
}
constexpr bool (*kCancelInstead[])(Statement&){become_cancel};

/// What does nothing to a scope that starts cancelled.
void offer_on_uncancelled(SmallCases& cases, const SmallScene& scene, Statement statement) {
    cases.for_each_visible(scene, [&](SmallScene& then, std::uint32_t i) {
        if (then.slots[i].starts_cancelled) return;
        then.slots[i].referred_to = true;
        statement.name = i;
        if (!cases.follows(statement)) cases.add(then, statement);
    });
}

void offer_cancel(SmallCases& cases, const SmallScene& scene) {
    offer_on_uncancelled(cases, scene, {.op = Op::cancel});
}
void offer_set_deadline(SmallCases& cases, const SmallScene& scene) {
    offer_on_uncancelled(cases, scene, {.op = Op::set_deadline, .has_number = true, .number = 1});
}

void offer_set_shield(SmallCases& cases, const SmallScene& scene) {
    cases.for_each_visible(scene, [&](const SmallScene& then, std::uint32_t i) {
        for (const bool value : {false, true}) {
            // With two tasks, the order of the statements says little about that in which they run.
            if (!scene.spawned && scene.slots[i].shield == value) continue;
            SmallScene shielded = then;
            shielded.slots[i].shield = value;
            cases.add(shielded, {.op = Op::set_shield, .flag = value, .name = i});
        }
    });
}

}  // namespace

constexpr StatementType statements::cancel{
    .name = "cancel",
    .fields = Fields{kScope},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{scope}.cancel()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = control<scenarios::cancel>},
    .generation = Generation{.weights = Weights{.blocks = 12, .misuse = 14, .start = 14, .objects = 8, .native = 8},
                             .write = write_cancel,
                             .nests = false},
    .shrinking = Shrinking{.weight = 1, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_cancel, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::set_shield{
    .name = "set_shield",
    .fields = Fields{kScope, kValue},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{scope}.shield = {value}"}},
    .execution =
        Execution{.execute = execute_outside, .resume = never_waits, .outside = control<scenarios::set_shield>},
    .generation = Generation{.weights = Weights{.blocks = 4, .misuse = 3, .start = 5, .objects = 2, .native = 2},
                             .write = write_set_shield,
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_set_shield, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::set_deadline{
    .name = "set_deadline",
    .fields = Fields{kScope, kIn},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{scope}.deadline = anyio.current_time() + {in}"}, {"{scope}.deadline = math.inf"}},
    .execution =
        Execution{.execute = execute_outside, .resume = never_waits, .outside = control<scenarios::set_deadline>},
    .generation = Generation{.weights = Weights{.blocks = 3, .misuse = 3, .start = 3, .objects = 2, .native = 2},
                             .write = write_set_deadline,
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kCancelInstead},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_set_deadline, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
