// New tasks, in a group (spawn, start, started) and in none (spawn_detached).
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

namespace {

using model::TaskGroup;

constexpr NameField kGroup{"group", NameKind::group};
constexpr NameField kTask{"task", NameKind::task, NameRole::spawns, Slot::task};

/// The new task's body: that of the current statement.
Body& new_body(const Body& body, Interpreter& run) { return run.new_body(body.current + 1, body.next); }

Poll execute_spawn(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    TaskGroup* group = run.group_named(kGroup.of(statement));
    if (group == nullptr) return body.skipped(run, task);
    Error* error = group->start_soon(run.kernel(), new_body(body, run));
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

Poll execute_start(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    TaskGroup* group = run.group_named(kGroup.of(statement));
    if (group == nullptr) return body.skipped(run, task);
    Body& coro = new_body(body, run);
    return body.wait_for(run, task, [&]() -> sim::Frame& { return group->start(run.kernel(), coro); });
}

Poll execute_detached(Body& body, Interpreter& run, Task&, const Statement&) {
    run.kernel().create_task(new_body(body, run));
    return Poll::returned();
}

Poll execute_started(Body& body, Interpreter& run, Task& task, const Statement&) {
    if (task.task_status_future == nullptr) return body.skipped(run, task);
    Error* error = model::started(run.kernel());
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

template <Op op>
void write_child(ProgramBuilder& b) {
    const Name group = op == Op::spawn_detached ? kNoName : b.some_group();
    if (group == kNoName && op != Op::spawn_detached) {
        b.group([&](Name) {
            if (b.left > 0) write_child<op>(b);
            write_body(b, 3);
        });
        return;
    }
    b.child(op, group, [&](Name) {
        if (op == Op::start && b.random.chance(3, 4)) {
            if (b.flip()) b.wait();
            b.add(Op::started);
        }
        write_body(b, 3);
    });
}

constexpr bool (*kSpawnInstead[])(Statement&){become<Op::spawn>};

/// The scene within the one task that there may be beside `main`.
SmallScene in_child(const SmallScene& scene) {
    SmallScene then = scene;
    then.spawned = true;
    then.who = SmallScene::Who::child;
    return then;
}

void offer_detached(SmallCases& cases, const SmallScene& scene) {
    cases.open(in_child(scene), {.op = Op::spawn_detached, .task = small::kTask});
}

template <Op op>
void offer_in_group(SmallCases& cases, const SmallScene& scene) {
    SmallScene then = in_child(scene);
    then.in_some_scope[static_cast<std::size_t>(SmallScene::Who::child)] = true;
    then.starting = op == Op::start;
    cases.for_each_open_group(
        [&](std::uint32_t slot) { cases.open(then, {.op = op, .name = slot, .task = small::kTask}, slot); });
}

void offer_started(SmallCases& cases, const SmallScene& scene) {
    if (!scene.starting) return;
    SmallScene then = scene;
    then.starting = false;
    cases.add(then, {.op = Op::started});
}

}  // namespace

constexpr StatementType statements::spawn{
    .name = "spawn",
    .fields = Fields{kGroup, kTask, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"{group}.start_soon({task})"}},
    .execution = Execution{.execute = execute_spawn, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 12, .misuse = 8, .start = 8, .objects = 8, .native = 8},
                             .write = write_child<Op::spawn>,
                             .nests = true},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope =
        SmallScope{.turn = Turn::task, .offer = offer_in_group<Op::spawn>, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::start{
    .name = "start",
    .fields = Fields{kGroup, kTask, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{.pattern = "await {group}.start({task})", .gives_status = true}},
    .execution = Execution{.execute = execute_start, .resume = end_as_wait, .outside = nullptr},
    .generation =
        Generation{
            .weights = Weights{.blocks = 6, .misuse = 3, .start = 14}, .write = write_child<Op::start>, .nests = true},
    .shrinking = Shrinking{.weight = 4, .simpler = kSpawnInstead},
    .small_scope =
        SmallScope{.turn = Turn::task, .offer = offer_in_group<Op::start>, .awaits = true, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = Telling{.at_once = false,
                       .waiting = "parked in start",
                       .thing = "",
                       .leaves_by_hand = false,
                       .ends_as_said = false,
                       .cancels_before_wait = ": start() was interrupted",
                       .cancels_after_wait = ": start() was interrupted"},
};

constexpr StatementType statements::started{
    .name = "started",
    .fields = Fields{},
    .check = nothing_more_to_check,
    .python = PythonForms{{"task_status.started()"}},
    .execution = Execution{.execute = execute_started, .resume = never_waits, .outside = nullptr},
    .generation = Generation{.weights = Weights{.blocks = 1, .misuse = 1, .start = 4},
                             .write = [](ProgramBuilder& b) { b.add(Op::started); },
                             .nests = false},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::deed, .offer = offer_started, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::spawn_detached{
    .name = "spawn_detached",
    .fields = Fields{kTask, kBody},
    .check = nothing_more_to_check,
    .python = PythonForms{{"asyncio.create_task({task}())"}},
    .execution = Execution{.execute = execute_detached, .resume = never_waits, .outside = nullptr},
    .generation =
        Generation{
            .weights = Weights{.misuse = 5, .start = 4}, .write = write_child<Op::spawn_detached>, .nests = true},
    .shrinking = Shrinking{.weight = 2, .simpler = kNothingSimpler},
    .small_scope = SmallScope{.turn = Turn::task, .offer = offer_detached, .awaits = false, .ends_block = false},
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
