// anyio's TaskGroup: as a block (group), and entered and left by hand (group_enter, group_exit).
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

using model::TaskGroup;

constexpr NameField kName{"name", NameKind::group, NameRole::binds};
constexpr NameField kLeft{"group", NameKind::group};

struct GroupBlock : Block {
    TaskGroup* group;
    Error* came;           ///< to the end of the block
    Error* outer_handled;  ///< what the frame handled before that
};

/// `error`, or null, comes to the end of the block, where the group waits for its tasks.
Poll exit_with(Body& body, Interpreter& run, Task& task, Error* error) {
    auto& block = body.top<GroupBlock>();
    block.came = error;
    block.outer_handled = body.handled;
    if (error != nullptr) body.handled = error;
    body.current = block.statement;
    return body.wait_for(run, task, [&]() -> sim::Frame& { return block.group->exit(run.kernel(), error); });
}

Poll leave(Body& body, Interpreter& run, Task& task) { return exit_with(body, run, task, nullptr); }

void hash(StateHash& hash, const Block& base) {
    const auto& block = static_cast<const GroupBlock&>(base);
    hash.add_group(block.group);
    hash.add_error(block.came);
    hash.add_error(block.outer_handled);
}

constexpr BlockType kGroupBlock{"group", leave, exit_with, hash};

Poll execute_group(Body& body, Interpreter& run, Task&, const Statement& statement) {
    TaskGroup& group = run.kernel().new_group();
    run.bind_group(kName.of(statement), group);
    body.push<GroupBlock>(run, kGroupBlock).group = &group;
    group.enter(run.kernel());  // a new group: it cannot fail
    return Poll::returned();
}

/// The group's `__aexit__` has ended.
Poll resume_group(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    const GroupBlock block = body.top<GroupBlock>();
    body.handled = block.outer_handled;
    body.pop();
    Error* leaves = with.thrown != nullptr ? with.thrown : with.value ? nullptr : block.came;
    run.emit(events::GroupBlockLeft{task.id, block.group->id, leaves});
    return Poll::ended(leaves);
}

Poll execute_enter(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    run.emit(events::ByHand{task.id, body.current});
    TaskGroup& group = run.kernel().new_group();
    run.bind_group(kName.of(statement), group);
    return body.awaited(run, task, group.enter(run.kernel()));
}

Poll execute_exit(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    run.emit(events::ByHand{task.id, body.current});
    TaskGroup* group = run.group_named(kLeft.of(statement));
    if (group == nullptr) return body.skipped(run, task);
    return body.wait_for(run, task, [&]() -> sim::Frame& { return group->exit(run.kernel(), nullptr); });
}

void write_enter(ProgramBuilder& b) { b.group_enter(); }

void write_exit(ProgramBuilder& b) {
    const Name by_hand = b.some_by_hand();
    const bool is_group = by_hand != kNoName && by_hand >= generated::group(0);
    b.add(Op::group_exit, is_group ? by_hand : generated::group(0));
}

void offer_group(SmallCases& cases, const SmallScene& scene) {
    cases.for_each_bindable(scene, [&](const SmallScene& bound, std::uint32_t i) {
        SmallScene then = bound;
        then.slots[i].is_group = true;
        if (SmallCases::starts(then.slots[i], false, false)) cases.open(then, {.op = Op::group, .name = i}, i);
    });
}

constexpr bool (*kScopeInstead[])(Statement&){become<Op::scope>};
constexpr bool (*kEnterInstead[])(Statement&){become<Op::enter>};
constexpr bool (*kExitInstead[])(Statement&){become<Op::exit>};

}  // namespace

constexpr StatementType statements::group{
    .name = "group",
    .fields = Fields{kName, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"async with anyio.create_task_group() as {name}:"},
                          {"{name} = anyio.create_task_group()\nasync with {name}:"}},
    .execution = Execution{.execute = execute_group, .resume = resume_group, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kScopeInstead},
    .small_scope = SmallScope{.turn = Turn::block, .offer = offer_group, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "parked in a group's exit",
                       .thing = "group",
                       .leaves_by_hand = false,
                       .ends_as_said = false,
                       .cancels_before_wait = ": an exception left its body",
                       .cancels_after_wait = ": its wait for the tasks was interrupted"},
};

constexpr StatementType statements::group_enter{
    .name = "group_enter",
    .fields = Fields{kName},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{name} = await anyio.create_task_group().__aenter__()"}},
    .execution = Execution{.execute = execute_enter, .resume = end_as_wait, .outside = nullptr},
    .generation = Generation{.weights = Weights{.misuse = 2}, .write = write_enter, .nests = false},
    .shrinking = Shrinking{.weight = 4, .simpler = kEnterInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "",
                       .thing = "group",
                       .leaves_by_hand = false,
                       .ends_as_said = true,
                       .cancels_before_wait = "",
                       .cancels_after_wait = ""},
};

constexpr StatementType statements::group_exit{
    .name = "group_exit",
    .fields = Fields{kLeft},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await {group}.__aexit__(None, None, None)"}},
    .execution = Execution{.execute = execute_exit, .resume = end_as_wait, .outside = nullptr},
    .generation = Generation{.weights = Weights{.misuse = 2}, .write = write_exit, .nests = false},
    .shrinking = Shrinking{.weight = 4, .simpler = kExitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "parked in a group's exit",
                       .thing = "group",
                       .leaves_by_hand = true,
                       .ends_as_said = false,
                       .cancels_before_wait = ": an exception left its body",
                       .cancels_after_wait = ": its wait for the tasks was interrupted"},
};

}  // namespace cancelsim::scenarios
