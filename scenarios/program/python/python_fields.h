// The fields of statements, as the Python notation sees them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"
#include "scenarios/program/case_fields.h"
#include "scenarios/program/case_names.h"

namespace cancelsim::scenarios {

enum class NameRole : std::uint8_t { uses, binds, spawns };

/// The kind of a name that a field holds, and what the statement does with it.
struct NamePlace {
    NameKind kind;
    NameRole role;
};

inline bool binds_name(Op op) {
    return op == Op::scope || op == Op::fail_after || op == Op::group || op == Op::enter || op == Op::group_enter;
}

inline NamePlace place_of(Op op, FieldKind kind) {
    if (kind == FieldKind::task) return {NameKind::task, NameRole::spawns};
    return {kind_of_name(op), binds_name(op) ? NameRole::binds : NameRole::uses};
}

inline bool spawns_task(Op op) { return op == Op::spawn || op == Op::start || op == Op::spawn_detached; }
inline Name spawned_task(const Statement& statement) { return statement.task; }
inline bool binds_group(const Statement& statement) {
    return statement.op == Op::group || statement.op == Op::group_enter;
}

template <class Visit>
void for_each_name(const Statement& statement, Visit visit) {
    for (const Field& field : fields_of(statement.op)) {
        const bool is_task = field.kind == FieldKind::task;
        if (!is_task && field.kind != FieldKind::name && field.kind != FieldKind::error &&
            field.kind != FieldKind::text)
            continue;
        const NamePlace place = place_of(statement.op, field.kind);
        visit(place.kind, place.role, is_task ? statement.task : statement.name);
    }
}

struct Span {
    std::uint32_t begin;
    std::uint32_t end;
};

/// The parts of the statement `at`: its body, its handler, its finally. Those that it does not have are empty.
inline std::array<Span, 3> parts_of(const Statement& statement, std::uint32_t at) {
    const std::uint32_t end = at + statement.size;
    if (statement.op != Op::try_) return {Span{at + 1, end}, Span{end, end}, Span{end, end}};
    return {Span{at + 1, at + statement.handler}, Span{at + statement.handler, at + statement.finally},
            Span{at + statement.finally, end}};
}

}  // namespace cancelsim::scenarios
