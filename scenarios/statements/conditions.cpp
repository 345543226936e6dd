// Conditions: wait and notify.
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr NumberField kCount{"n", 1, false};
constexpr ObjectUse kUse{[](ObjectKind kind) { return *type_of(kind).notifiable != nullptr; },
                         "the name of a condition"};

const Notifiable& notifiable(const Object& object) { return **type_of(object).notifiable; }

Poll execute_wait(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    return await_call(body, run, task, object, {events::Call::wait},
                      [&]() -> sim::Frame& { return (*notifiable(object).wait)(run, object); });
}

Poll execute_notify(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    const std::int64_t n = kCount.is_in(statement) ? kCount.of(statement) : Notifiable::kAll;
    Error* error = call_at_once(run, &task, object, {events::Call::notify, n},
                                [&] { return (*notifiable(object).notify)(run, object, n); });
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

constexpr bool (*kSimplerWait[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::wait{
    .name = "wait",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"await {object}.wait()"}},
    .execution = Execution{.execute = execute_wait, .resume = end_call, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerWait},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in wait"),
};

constexpr StatementType statements::notify{
    .name = "notify",
    .fields = Fields{kObject, kCount},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.notify({n})"}, {"{object}.notify_all()"}},
    .execution = Execution{.execute = execute_notify, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
