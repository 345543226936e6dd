// asyncio.TaskGroup, and its create_task().
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kName{"name", NameKind::asyncio_group, NameRole::binds};
constexpr NameField kGroup{"group", NameKind::asyncio_group};
constexpr NameField kTask{"task", NameKind::task, NameRole::spawns, Slot::task};

struct AsyncioGroupBlock : Block {
    NamedAsyncioGroup* group;
    Error* came;           ///< to the end of the block
    Error* outer_handled;  ///< what the frame handled before that
};

/// `error`, or null, comes to the end of the block, where the group waits for its tasks.
Poll exit_with(Body& body, Interpreter& run, Task& task, Error* error) {
    auto& block = body.top<AsyncioGroupBlock>();
    block.came = error;
    block.outer_handled = body.handled;
    if (error != nullptr) body.handled = error;
    body.current = block.statement;
    run.emit(events::AsyncioGroupExitBegan{block.group->id, error});
    task.waits_for = {sim::WaitKind::asyncio_children, block.group->id};
    return body.wait_for(run, task, [&]() -> sim::Frame& { return block.group->group.exit(run.kernel(), error); });
}

Poll leave(Body& body, Interpreter& run, Task& task) { return exit_with(body, run, task, nullptr); }

void hash(StateHash& hash, const Block& base) {
    const auto& block = static_cast<const AsyncioGroupBlock&>(base);
    hash.refer(block.group);
    hash.add_error(block.came);
    hash.add_error(block.outer_handled);
}

constexpr BlockType kGroupBlock{"asyncio_group", leave, exit_with, hash};

Poll execute_group(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    NamedAsyncioGroup& group = run.new_asyncio_group();
    run.bind_asyncio_group(kName.of(statement), group);
    body.push<AsyncioGroupBlock>(run, kGroupBlock).group = &group;
    group.group.enter(run.kernel());
    run.emit(events::AsyncioGroupEntered{group.id, task.id});
    return Poll::returned();
}

/// The group's `__aexit__` has ended.
Poll resume_group(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    const AsyncioGroupBlock block = body.top<AsyncioGroupBlock>();
    body.handled = block.outer_handled;
    body.pop();
    Error* leaves = with.thrown != nullptr ? with.thrown : block.came;
    run.emit(events::AsyncioGroupBlockLeft{task.id, block.group->id, leaves});
    return Poll::ended(leaves);
}

Poll execute_create(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    NamedAsyncioGroup* group = run.asyncio_group_named(kGroup.of(statement));
    if (group == nullptr) return body.skipped(run, task);
    Task& made = run.kernel().new_task();
    Error* error = group->group.create_task(run.kernel(), made, run.new_body(body.current + 1, body.next));
    if (error != nullptr) return body.raised(run, task, error);
    run.emit(events::AsyncioGroupTook{group->id, made.id});
    return Poll::returned();
}

constexpr bool (*kDetachedInstead[])(Statement&){[](Statement& statement) {
    statement.op = Op::spawn_detached;
    statement.name = kNoName;
    return true;
}};

}  // namespace

constexpr StatementType statements::asyncio_group{
    .name = "asyncio_group",
    .fields = Fields{kName, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"async with asyncio.TaskGroup() as {name}:"}},
    .execution = Execution{.execute = execute_group, .resume = resume_group, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_at_once("parked in an asyncio group's exit"),
};

constexpr StatementType statements::create_task{
    .name = "create_task",
    .fields = Fields{kGroup, kTask, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{group}.create_task({task}())"}},
    .execution = Execution{.execute = execute_create, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kDetachedInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
