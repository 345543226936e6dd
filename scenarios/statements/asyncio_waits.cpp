// How asyncio waits for tasks and futures: await_task, wait_for, shield, gather, asyncio_wait.
#include "scenarios/statements/common.h"
#include "sim/asyncio/awaiting.h"

namespace cancelsim::scenarios {

namespace {

using sim::Future;
using sim::asyncio::Gathered;
using sim::asyncio::ReturnWhen;

constexpr NameField kTask{"task", NameKind::task};
constexpr NameField kEitherTask{"task", NameKind::task, NameRole::uses, Slot::task, false};
constexpr NameField kOrFuture{"future", NameKind::future, NameRole::waits_on, Slot::name, false};
constexpr NumberOrNullField kDelay{"delay"};
constexpr NamesField kTasks{"tasks", NameKind::task};
constexpr FlagField kReturnExceptions{"return_exceptions", false};
constexpr std::string_view kWhen[]{"all_completed", "first_completed", "first_exception"};
constexpr ReturnWhen kReturnWhen[]{ReturnWhen::all_completed, ReturnWhen::first_completed, ReturnWhen::first_exception};
constexpr WordField kReturnWhenField{"return_when", kWhen};
constexpr NumberField kTimeout{"delay", 0, false};

std::optional<StatementFault> check_one_of_two(const Case& program, std::uint32_t at, bool) {
    const Statement& statement = program.statements[at];
    const bool task = kEitherTask.of(statement) != kNoName;
    const bool future = kOrFuture.of(statement) != kNoName;
    if (task != future) return std::nullopt;
    return StatementFault{"", "either \"task\" or \"future\"", task ? "both" : "neither"};
}

// Execution.

/// `await future`
Poll await_future(Body& body, Interpreter& run, Task& task, Future& future) {
    const Poll poll = run.kernel().await(future);
    if (poll.gives_way()) return body.wait(run, task, poll);
    return body.awaited(run, task, poll.kind == Poll::Kind::raised ? poll.error : nullptr);
}

/// The task or future that is named, null for a task that was never bound.
Future* future_in(Interpreter& run, const Statement& statement) {
    if (const Name name = kEitherTask.of(statement); name != kNoName) return run.task_named(name);
    return &run.future_named(kOrFuture.of(statement));
}

/// The task that is named, or kNobody.
sim::TaskId awaited_task(Interpreter& run, const Statement& statement) {
    const Name name = kEitherTask.of(statement);
    return name != kNoName ? run.id_of(run.task_named(name)) : sim::kNobody;
}

Poll execute_await(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Task* awaited = run.task_named(kTask.of(statement));
    task.waits_for = {sim::WaitKind::task, awaited != nullptr ? awaited->id : sim::kNobody};
    return awaited != nullptr ? await_future(body, run, task, *awaited) : body.skipped(run, task);
}

Poll execute_wait_for(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Future* future = future_in(run, statement);
    if (future == nullptr) return body.skipped(run, task);
    task.waits_for = {sim::WaitKind::asyncio};
    const Poll step = body.wait(run, task, Poll::called());
    const sim::Time delay = kDelay.is_null(statement) ? sim::kInfinity : kDelay.of(statement);
    run.emit(events::WaitForBegan{task.id, awaited_task(run, statement), delay});
    sim::asyncio::wait_for(run.kernel(), task, *future, delay);
    return step;
}

Poll resume_wait_for(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    run.emit(events::WaitForEnded{task.id, with.thrown});
    return body.awaited(run, task, with.thrown);
}

Poll execute_shield(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Future* inner = future_in(run, statement);
    task.waits_for = {sim::WaitKind::asyncio};
    return inner != nullptr ? await_future(body, run, task, sim::asyncio::shield(run.kernel(), *inner))
                            : body.skipped(run, task);
}

/// Tasks that were given to a statement.
struct GivenTasks {
    Future** tasks = nullptr;
    std::uint32_t count = 0;
};

/// Those of the tasks named that were ever bound.
GivenTasks tasks_in(Interpreter& run, const Statement& statement) {
    const auto names = kTasks.of(run.program(), statement);
    GivenTasks given{run.kernel().arena().make_array<Future*>(names.size())};
    for (const Name name : names)
        if (Task* task = run.task_named(name)) given.tasks[given.count++] = task;
    return given;
}

struct KeptGather : Kept {
    Gathered* outer;
};

Poll gathered(Body& body, Interpreter& run, Task& task, Gathered& outer, Error* error) {
    const Poll ended = body.awaited(run, task, error);
    if (error == nullptr) run.emit(events::Gathered{task.id, body.current, {outer.results, outer.count}});
    return ended;
}

Poll execute_gather(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    const GivenTasks given = tasks_in(run, statement);
    if (given.count == 0) return body.skipped(run, task);
    Gathered& outer = sim::asyncio::gather(run.kernel(), given.tasks, given.count, kReturnExceptions.of(statement));
    if (outer.done()) return gathered(body, run, task, outer, run.kernel().result(outer));
    KeptGather& kept = *run.kernel().arena().make<KeptGather>();
    kept.outer = &outer;
    body.kept = &kept;
    task.waits_for = {sim::WaitKind::asyncio};
    return body.wait(run, task, Poll::awaiting(outer));
}

Poll resume_gather(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    Gathered& outer = *static_cast<KeptGather*>(body.kept)->outer;
    body.kept = nullptr;
    return gathered(body, run, task, outer, with.thrown);
}

struct KeptWait : Kept {
    GivenTasks given;
};

/// Those of the tasks that are done.
events::Waited waited_of(Interpreter& run, const Task& task, std::uint32_t statement, const GivenTasks& given) {
    sim::TaskId* done = run.kernel().arena().make_array<sim::TaskId>(given.count);
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < given.count; ++i)
        if (given.tasks[i]->done()) done[count++] = static_cast<const Task&>(*given.tasks[i]).id;
    return {task.id, statement, {done, count}};
}

Poll execute_wait(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    GivenTasks given = tasks_in(run, statement);
    if (given.count == 0) return body.skipped(run, task);
    given.count = sim::asyncio::unique(run.kernel().arena(), given.tasks, given.count);
    KeptWait& kept = *run.kernel().arena().make<KeptWait>();
    kept.given = given;
    body.kept = &kept;
    task.waits_for = {sim::WaitKind::asyncio};
    const Poll step = body.wait(run, task, Poll::called());
    sim::asyncio::wait(run.kernel(), task, given.tasks, given.count, kReturnWhen[statement.word],
                       kTimeout.is_in(statement) ? kTimeout.of(statement) : sim::kInfinity);
    return step;
}

Poll resume_wait(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    const GivenTasks& given = static_cast<KeptWait*>(body.kept)->given;
    body.kept = nullptr;
    const Poll ended = body.awaited(run, task, with.thrown);
    if (with.thrown == nullptr) run.emit(waited_of(run, task, body.current, given));
    return ended;
}

// Simplification.

constexpr bool (*kWaitInstead[])(Statement&){become_checkpoint, become_sleep};

}  // namespace

constexpr StatementType statements::await_task{
    .name = "await_task",
    .fields = Fields{kTask},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await {task}"}},
    .execution = Execution{.execute = execute_await, .resume = end_as_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kWaitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in await_task"),
};

constexpr StatementType statements::wait_for{
    .name = "wait_for",
    .fields = Fields{kEitherTask, kOrFuture, kDelay},
    .check = check_one_of_two,
    .python =
        PythonForms{{"await cancelsim.wait_for({task}, {delay})"}, {"await cancelsim.wait_for({future}, {delay})"}},
    .execution = Execution{.execute = execute_wait_for, .resume = resume_wait_for, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 5, .simpler = kWaitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in wait_for"),
};

constexpr StatementType statements::shield{
    .name = "shield",
    .fields = Fields{kEitherTask, kOrFuture},
    .check = check_one_of_two,
    .python = PythonForms{{"await cancelsim.shield({task})"}, {"await cancelsim.shield({future})"}},
    .execution = Execution{.execute = execute_shield, .resume = end_as_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kWaitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in shield"),
};

constexpr StatementType statements::gather{
    .name = "gather",
    .fields = Fields{kTasks, kReturnExceptions},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await cancelsim.gather({*tasks}, return_exceptions={return_exceptions})"}},
    .execution = Execution{.execute = execute_gather, .resume = resume_gather, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 5, .simpler = kWaitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in gather"),
};

constexpr StatementType statements::asyncio_wait{
    .name = "asyncio_wait",
    .fields = Fields{kTasks, kReturnWhenField, kTimeout},
    .check = nothing_more_to_check,
    .python = PythonForms{{"await cancelsim.wait({*tasks}, return_when={return_when}, timeout={delay})"}},
    .execution = Execution{.execute = execute_wait, .resume = resume_wait, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 5, .simpler = kWaitInstead},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in asyncio_wait"),
};

}  // namespace cancelsim::scenarios
