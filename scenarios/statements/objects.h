// What the statements on objects share.
#pragma once

#include "scenarios/program/object_type.h"
#include "scenarios/run/objects.h"
#include "scenarios/statements/common.h"

namespace cancelsim::scenarios {

inline constexpr NameField kObject{"object", NameKind::object};

/// The kinds of objects that a statement can be about.
struct ObjectUse {
    bool (*can_use)(ObjectKind kind);
    std::string_view expected;
    bool clones = false;  ///< whether a name that is not listed is a clone's
};

/// For a type's `check`.
template <const ObjectUse& use>
std::optional<StatementFault> check_object(const Case& program, std::uint32_t at, bool) {
    const Name name = kObject.of(program.statements[at]);
    if (name == kNoName) return std::nullopt;
    const ObjectSpec* object = program.find_object(name);
    const bool good = object != nullptr ? use.can_use(object->kind) : use.clones;
    if (good) return std::nullopt;
    const std::string_view got = object != nullptr ? *type_of(object->kind).name : "a name that is not in \"objects\"";
    return StatementFault{kObject.key, std::string(use.expected), std::string(got)};
}

/// The object that a statement names: made, if need be.
inline Object& object_of(Interpreter& run, const Statement& statement) {
    return run.objects().object(run, kObject.of(statement));
}
inline const ObjectType& type_of(const Object& object) { return type_of(object.spec->kind); }

/// A call of a method of an object: what events::CallBegan tells of it.
struct ObjectCall {
    events::Call call;
    std::int64_t amount = 0;
    std::uint32_t borrower = 0;
};
inline void begin_call(Interpreter& run, const Task* task, const Object& object, const ObjectCall& call) {
    run.emit(events::CallBegan{run.id_of(task), object.id, call.call, call.amount, call.borrower});
}
/// `make` makes the frame of a call that may wait: `current` awaits it.
template <class Make>
Poll await_call(Body& body, Interpreter& run, Task& task, const Object& object, const ObjectCall& call, Make make) {
    return body.wait_for(run, task, [&]() -> sim::Frame& {
        begin_call(run, &task, object, call);
        return make();
    });
}
/// For a type's `resume`: the call that `current` awaits has ended.
inline Poll end_call(Body& body, Interpreter& run, Task& task, const Statement&, Resume with) {
    run.emit(events::CallEnded{task.id, with.thrown});
    return body.awaited(run, task, with.thrown);
}
/// A call that never waits: what `make_call` gives back is what it raises, or null.
template <class MakeCall>
Error* call_at_once(Interpreter& run, const Task* task, const Object& object, const ObjectCall& call,
                    MakeCall make_call) {
    begin_call(run, task, object, call);
    Error* error = make_call();
    run.emit(events::CallEnded{run.id_of(task), error});
    return error;
}

}  // namespace cancelsim::scenarios
