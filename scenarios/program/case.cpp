#include "scenarios/program/case.h"

#include <algorithm>

#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

std::string_view name_of(Op op) { return *type_of(op).name; }

Name Case::intern(std::string_view text) {
    auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) return static_cast<Name>(found - names.begin());
    names.emplace_back(text);
    return static_cast<Name>(names.size() - 1);
}

bool is_block(Op op) { return type_of(op).is_block(); }

std::optional<StatementFault> nothing_more_to_check(const Case&, std::uint32_t, bool) { return std::nullopt; }

Parts parts_of(const Statement& statement) {
    const std::uint32_t count = type_of(statement.op).fields->parts();
    if (count == 0) return {{1, 1}, {1, 1}, {1, 1}};
    if (count == 1) return {{1, statement.size}, {statement.size, statement.size}, {statement.size, statement.size}};
    return {{1, statement.handler}, {statement.handler, statement.finally}, {statement.finally, statement.size}};
}

bool has_misuse(const Case& program) {
    const auto bit = [](Op op) { return std::uint64_t{1} << static_cast<unsigned>(op); };
    const std::uint64_t by_hand = bit(Op::enter) | bit(Op::exit) | bit(Op::group_enter) | bit(Op::group_exit);
    std::uint64_t used = 0;
    for (const Statement& statement : program.statements) used |= bit(statement.op);
    return (used & by_hand) != 0;
}

}  // namespace cancelsim::scenarios
