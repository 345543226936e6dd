// What can be acquired and released: acquire, acquire_nowait, release, and hold, which is `async with`.
#include "model/primitives/capacity_limiter.h"
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

bool is_lockable(ObjectKind kind) { return *type_of(kind).lockable != nullptr; }
bool has_nowait(ObjectKind kind) { return is_lockable(kind) && *(*type_of(kind).lockable)->acquire_nowait != nullptr; }
bool is_released_outside(ObjectKind kind) { return is_lockable(kind) && *(*type_of(kind).lockable)->released_outside; }

constexpr ObjectUse kLockableUse{is_lockable, "the name of an object that can be acquired"};
constexpr ObjectUse kNowaitUse{has_nowait, "the name of an object that has acquire_nowait"};
constexpr ObjectUse kOutsideUse{is_released_outside, "the name of an object that the environment may release"};

std::optional<StatementFault> check_release(const Case& program, std::uint32_t at, bool outside) {
    return outside ? check_object<kOutsideUse>(program, at, outside) : check_object<kLockableUse>(program, at, outside);
}

const Lockable& lockable(const Object& object) { return **type_of(object).lockable; }

/// For a limiter the borrower is the current task.
ObjectCall call_of(events::Call call, const Object& object, const Task* task) {
    const bool borrows = object.spec->kind == ObjectKind::limiter && task != nullptr;
    return {call, 0, borrows ? model::Borrower::of(*task).number : 0};
}

Poll execute_acquire(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    return await_call(body, run, task, object, call_of(events::Call::acquire, object, &task),
                      [&]() -> sim::Frame& { return (*lockable(object).acquire)(run, object); });
}

Poll execute_nowait(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    Object& object = object_of(run, statement);
    Error* error = call_at_once(run, &task, object, call_of(events::Call::acquire_nowait, object, &task),
                                [&] { return (*lockable(object).acquire_nowait)(run, object); });
    return error != nullptr ? body.raised(run, task, error) : Poll::returned();
}

Error* release_object(Interpreter& run, Object& object, const Task* task) {
    return call_at_once(run, task, object, call_of(events::Call::release, object, task),
                        [&] { return (*lockable(object).release)(run, object); });
}

Error* run_release(Interpreter& run, std::uint32_t at, Task* task) {
    return release_object(run, object_of(run, run.program().statements[at]), task);
}

struct HoldBlock : Block {
    Object* object;
};

/// The object's `__aexit__`, which never gives way, with `error` or null.
Poll exit_with(Body& body, Interpreter& run, Task& task, Error* error) {
    auto& block = body.top<HoldBlock>();
    Error* outer = body.handled;
    if (error != nullptr) body.handled = error;
    Error* raised = release_object(run, *block.object, &task);
    body.handled = outer;
    const std::uint32_t statement = block.statement;
    body.pop();
    Error* leaves = raised != nullptr ? raised : error;
    run.emit(events::ObjectBlockLeft{task.id, statement, leaves});
    return Poll::ended(leaves);
}

Poll leave(Body& body, Interpreter& run, Task& task) { return exit_with(body, run, task, nullptr); }

void hash(StateHash&, const Block&) {}  // its statement says which object it is

constexpr BlockType kHoldBlock{"hold", leave, exit_with, hash};

/// Its entry has completed, or raised.
Poll resume_hold(Body& body, Interpreter& run, Task& task, const Statement& statement, Resume with) {
    if (with.thrown == nullptr) body.push<HoldBlock>(run, kHoldBlock).object = &object_of(run, statement);
    return end_call(body, run, task, statement, with);
}

constexpr bool (*kSimplerAcquire[])(Statement&){become_checkpoint};

}  // namespace

constexpr StatementType statements::acquire{
    .name = "acquire",
    .fields = Fields{kObject},
    .check = check_object<kLockableUse>,
    .python = PythonForms{{"await {object}.acquire()"}},
    .execution = Execution{.execute = execute_acquire, .resume = end_call, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 4, .simpler = kSimplerAcquire},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in acquire"),
};

constexpr StatementType statements::acquire_nowait{
    .name = "acquire_nowait",
    .fields = Fields{kObject},
    .check = check_object<kNowaitUse>,
    .python = PythonForms{{"{object}.acquire_nowait()"}},
    .execution = Execution{.execute = execute_nowait, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::release{
    .name = "release",
    .fields = Fields{kObject},
    .check = check_release,
    .python = PythonForms{{"{object}.release()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = run_release},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

/// The generator draws every statement on an object as this one.
constexpr StatementType statements::hold{
    .name = "hold",
    .fields = Fields{kObject, kBody},
    .check = check_object<kLockableUse>,
    .python = PythonForms{{"async with {object}:"}},
    .execution = Execution{.execute = execute_acquire, .resume = resume_hold, .outside = nullptr},
    .generation = Generation{.weights = Weights{.objects = 41}, .write = write_on_some_object, .nests = true},
    .shrinking = Shrinking{.weight = 5, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = told_later("parked in acquire"),
};

}  // namespace cancelsim::scenarios
