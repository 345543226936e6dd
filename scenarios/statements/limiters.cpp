// What only a CapacityLimiter can: acquire_for and release_for, on behalf of a borrower, and set_tokens.
#include "scenarios/objects/limiter.h"
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kBorrower{"borrower", NameKind::borrower, NameRole::uses, Slot::task};
constexpr NumberField kValue{"value", 1};
constexpr ObjectUse kUse{[](ObjectKind kind) { return kind == ObjectKind::limiter; }, "the name of a limiter"};

LimiterObject& object_in(Interpreter& run, const Statement& statement) {
    return static_cast<LimiterObject&>(object_of(run, statement));
}
model::Borrower borrower_of(const Statement& statement) { return model::Borrower::named(kBorrower.of(statement)); }

Poll execute_acquire(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    LimiterObject& object = object_in(run, statement);
    const model::Borrower borrower = borrower_of(statement);
    return await_call(body, run, task, object, {events::Call::acquire, 0, borrower.number},
                      [&]() -> sim::Frame& { return object.limiter.acquire_on_behalf_of(run.kernel(), borrower); });
}

Poll execute_release(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    LimiterObject& object = object_in(run, statement);
    const model::Borrower borrower = borrower_of(statement);
    Error* error = call_at_once(run, &task, object, {events::Call::release, 0, borrower.number},
                                [&] { return object.limiter.release_on_behalf_of(run.kernel(), borrower); });
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

Error* run_set_tokens(Interpreter& run, std::uint32_t at, Task* task) {
    const Statement& statement = run.program().statements[at];
    LimiterObject& object = object_in(run, statement);
    const std::int64_t value = kValue.of(statement);
    return call_at_once(run, task, object, {events::Call::set_tokens, value}, [&]() -> Error* {
        object.limiter.set_total_tokens(run.kernel(), value);
        return nullptr;
    });
}

constexpr bool (*kSimplerAcquire[])(Statement&){[](Statement& statement) {
    statement = {.op = Op::acquire, .name = statement.name};
    return true;
}};
constexpr bool (*kSimplerRelease[])(Statement&){[](Statement& statement) {
    statement = {.op = Op::release, .name = statement.name};
    return true;
}};

}  // namespace

constexpr StatementType statements::acquire_for{
    .name = "acquire_for",
    .fields = Fields{kObject, kBorrower},
    .check = check_object<kUse>,
    .python = PythonForms{{"await {object}.acquire_on_behalf_of({borrower})"}},
    .execution = Execution{.execute = execute_acquire, .resume = end_call, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 5, .simpler = kSimplerAcquire},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in acquire_on_behalf_of"),
};

constexpr StatementType statements::release_for{
    .name = "release_for",
    .fields = Fields{kObject, kBorrower},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.release_on_behalf_of({borrower})"}},
    .execution = Execution{.execute = execute_release, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerRelease},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::set_tokens{
    .name = "set_tokens",
    .fields = Fields{kObject, kValue},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.total_tokens = {value}"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = run_set_tokens},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
