// The two ends of a memory object stream: close_send, close_receive, clone_send, clone_receive.
#include "scenarios/statements/objects.h"

namespace cancelsim::scenarios {

namespace {

constexpr NameField kAs{"as", NameKind::object, NameRole::binds, Slot::task};
constexpr ObjectUse kUse{[](ObjectKind kind) { return kind == ObjectKind::stream; }, "the name of a stream or a clone",
                         true};

std::optional<StatementFault> check_clone(const Case& program, std::uint32_t at, bool outside) {
    const Name as = kAs.of(program.statements[at]);
    if (as != kNoName && program.find_object(as) != nullptr)
        return StatementFault{kAs.key, "a name that is not in \"objects\"", "the name of an object"};
    return check_object<kUse>(program, at, outside);
}

/// The stream whose end statement `at` is about, made if need be; null, and the statement is skipped, where its name
/// has no such end.
template <auto end>
const NamedObject* stream_of(Interpreter& run, std::uint32_t at, Task* task) {
    const NamedObject& named = run.objects().use(run, kObject.of(run.program().statements[at]));
    if (named.*end != nullptr) return &named;
    run.skips(at, task);
    return nullptr;
}

template <auto end, events::Call call>
Error* close(Interpreter& run, std::uint32_t at, Task* task) {
    const NamedObject* named = stream_of<end>(run, at, task);
    if (named == nullptr || (named->*end)->closed) return nullptr;
    return call_at_once(run, task, *named->object, {call}, [&]() -> Error* {
        (named->*end)->close(run.kernel());
        return nullptr;
    });
}

void bind(Interpreter& run, Name as, Object& stream, model::SendStream* end) {
    run.objects().bind_ends(as, stream, end, nullptr);
}
void bind(Interpreter& run, Name as, Object& stream, model::ReceiveStream* end) {
    run.objects().bind_ends(as, stream, nullptr, end);
}

template <class End, End* NamedObject::*end, events::Call call>
Poll execute_clone(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    const NamedObject* named = stream_of<end>(run, body.current, &task);
    if (named == nullptr) return Poll::returned();
    Object& stream = *named->object;
    End* made = run.kernel().arena().make<End>();
    Error* error = call_at_once(run, &task, stream, {call}, [&] { return (named->*end)->clone(run.kernel(), *made); });
    if (error != nullptr) return body.raised(run, task, error);
    bind(run, kAs.of(statement), stream, made);
    return Poll::returned();
}

}  // namespace

constexpr StatementType statements::close_send{
    .name = "close_send",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.close_send()"}},
    .execution = Execution{.execute = execute_outside,
                           .resume = never_waits,
                           .outside = close<&NamedObject::send, events::Call::close_send>},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::close_receive{
    .name = "close_receive",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.close_receive()"}},
    .execution = Execution{.execute = execute_outside,
                           .resume = never_waits,
                           .outside = close<&NamedObject::receive, events::Call::close_receive>},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::clone_send{
    .name = "clone_send",
    .fields = Fields{kObject, kAs},
    .check = check_clone,
    .python = PythonForms{{"{as} = {object}.clone_send()"}},
    .execution = Execution{.execute = execute_clone<model::SendStream, &NamedObject::send, events::Call::clone_send>,
                           .resume = never_waits,
                           .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::clone_receive{
    .name = "clone_receive",
    .fields = Fields{kObject, kAs},
    .check = check_clone,
    .python = PythonForms{{"{as} = {object}.clone_receive()"}},
    .execution =
        Execution{.execute = execute_clone<model::ReceiveStream, &NamedObject::receive, events::Call::clone_receive>,
                  .resume = never_waits,
                  .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .checkpoint = Checkpoint::none,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
