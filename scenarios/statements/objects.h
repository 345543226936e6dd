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

}  // namespace cancelsim::scenarios
