// What only an asyncio.Queue can: task_done and join.
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr ObjectUse kUse{[](ObjectKind kind) { return *type_of(kind).queue != nullptr; }, "the name of a queue"};

const Queue& queue_of(const Object& object) { return **type_of(object).queue; }

Poll execute_task_done(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    Error* error = call_at_once(run, &task, object, {events::Call::task_done},
                                [&] { return (*queue_of(object).task_done)(run, object); });
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

Poll execute_join(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    return await_call(body, run, task, object, {events::Call::join},
                      [&]() -> sim::Frame& { return (*queue_of(object).join)(run, object); });
}

constexpr bool (*kSimplerWait[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::task_done{
    .name = "task_done",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.task_done()"}},
    .execution = Execution{.execute = execute_task_done, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::join{
    .name = "join",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"await {object}.join()"}},
    .execution = Execution{.execute = execute_join, .resume = end_call, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerWait},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in join"),
};

}  // namespace cancelsim::scenarios
