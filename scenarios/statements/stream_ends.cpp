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

/// The end of its object that statement `at` is about, made if need be; skips where there is none.
template <auto end>
auto* end_of(Interpreter& run, std::uint32_t at, Task* task) {
    auto* found = run.objects().use(run, kObject.of(run.program().statements[at])).*end;
    if (found == nullptr) run.skips(at, task);
    return found;
}

template <auto end>
Error* close(Interpreter& run, std::uint32_t at, Task* task) {
    if (auto* found = end_of<end>(run, at, task)) found->close(run);
    return nullptr;
}

/// A new end for `as`, or what `clone` raises.
template <class End>
Error* clone(Interpreter& run, End& end, End*& made) {
    made = run.arena().make<End>();
    return end.clone(run, *made);
}

Poll execute_clone_send(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    model::SendStream* end = end_of<&NamedObject::send>(run, body.current, &task);
    if (end == nullptr) return Poll::returned();
    model::SendStream* made = nullptr;
    if (Error* error = clone(run, *end, made)) return body.raised(run, task, error);
    run.objects().bind_ends(kAs.of(statement), made, nullptr);
    return Poll::returned();
}

Poll execute_clone_receive(Body& body, Interpreter& run, Task& task, const Statement& statement) {
    model::ReceiveStream* end = end_of<&NamedObject::receive>(run, body.current, &task);
    if (end == nullptr) return Poll::returned();
    model::ReceiveStream* made = nullptr;
    if (Error* error = clone(run, *end, made)) return body.raised(run, task, error);
    run.objects().bind_ends(kAs.of(statement), nullptr, made);
    return Poll::returned();
}

}  // namespace

constexpr StatementType statements::close_send{
    .name = "close_send",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.close_send()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = close<&NamedObject::send>},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::close_receive{
    .name = "close_receive",
    .fields = Fields{kObject},
    .check = check_object<kUse>,
    .python = PythonForms{{"{object}.close_receive()"}},
    .execution = Execution{.execute = execute_outside, .resume = never_waits, .outside = close<&NamedObject::receive>},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::clone_send{
    .name = "clone_send",
    .fields = Fields{kObject, kAs},
    .check = check_clone,
    .python = PythonForms{{"{as} = {object}.clone_send()"}},
    .execution = Execution{.execute = execute_clone_send, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .telling = kToldAtOnce,
};

constexpr StatementType statements::clone_receive{
    .name = "clone_receive",
    .fields = Fields{kObject, kAs},
    .check = check_clone,
    .python = PythonForms{{"{as} = {object}.clone_receive()"}},
    .execution = Execution{.execute = execute_clone_receive, .resume = never_waits, .outside = nullptr},
    .generation = kNotDrawn,
    .shrinking = Shrinking{.weight = 3, .simpler = kNothingSimpler},
    .small_scope = kNotInSmallCases,
    .telling = kToldAtOnce,
};

}  // namespace cancelsim::scenarios
