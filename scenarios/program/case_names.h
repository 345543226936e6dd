// What the names in a case are used for.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/program/field.h"

namespace cancelsim::scenarios {

/// What Statement::name is in such a statement; it must have one.
NameKind kind_of_name(Op op);

/// A name as one kind of thing.
struct NameUse {
    NameKind kind;
    Name name;
    bool operator==(const NameUse&) const = default;
};

/// The names in use, in order of first use. A name that is a group anywhere is one wherever it stands for a scope.
std::vector<NameUse> names_in_use(const Case& program);

/// The same case with its scopes, groups, tasks, events, futures and errors called s0, g0, t0, e0, f0, E0 and so on, in
/// order of first use; `main` keeps its name, and every note says `n`. `names` begins with those of generated cases.
Case with_canonical_names(const Case& program);

}  // namespace cancelsim::scenarios
