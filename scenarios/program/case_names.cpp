#include "scenarios/program/case_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "scenarios/program/generated_names.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::array kLetters{"s", "g", "t", "e", "f", "E"};

/// Calls `visit(kind, name)` for every name in a case, and puts what that returns in its place.
template <class Program, class Visit>
void for_each_name(Program& program, Visit visit) {
    for (auto& statement : program.statements) {
        if (statement.name != kNoName) visit(kind_of_name(statement.op), statement.name);
        if (statement.task != kNoName) visit(NameKind::task, statement.task);
    }
    for (auto& name : program.stubborn) visit(NameKind::future, name);
    for (auto& name : program.plain_futures) visit(NameKind::future, name);
}

class Uses {
public:
    explicit Uses(const Case& program) : is_group_(program.names.size() + 1, false) {
        for_each_name(program, [&](NameKind kind, Name name) {
            if (kind == NameKind::group) is_group_[name] = true;
        });
        for_each_name(program, [&](NameKind kind, Name name) {
            const NameUse use = used_as(kind, name);
            if (std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(use);
        });
    }

    NameUse used_as(NameKind kind, Name name) const {
        return {kind == NameKind::scope && is_group_[name] ? NameKind::group : kind, name};
    }

    std::vector<NameUse> uses;

private:
    std::vector<bool> is_group_;
};

}  // namespace

NameKind kind_of_name(Op op) {
    switch (op) {
        case Op::group:
        case Op::spawn:
        case Op::start:
        case Op::group_enter:
        case Op::group_exit: return NameKind::group;
        case Op::native_cancel: return NameKind::task;
        case Op::event_wait:
        case Op::event_set: return NameKind::event;
        case Op::future_wait:
        case Op::future_resolve: return NameKind::future;
        case Op::raise: return NameKind::error;
        case Op::note: return NameKind::text;
        default: return NameKind::scope;
    }
}

std::vector<NameUse> names_in_use(const Case& program) { return Uses(program).uses; }

Case with_canonical_names(const Case& program) {
    const Uses used(program);
    Case renamed = program;
    renamed.names.assign(generated::kNames.begin(), generated::kNames.end());
    std::array<int, kLetters.size()> next{};
    std::vector<Name> new_names;
    for (const NameUse& use : used.uses) {
        if (use.kind == NameKind::text) {
            new_names.push_back(generated::kNote);
        } else if (use.kind == NameKind::task && program.names[use.name] == generated::kNames[generated::kMain]) {
            new_names.push_back(generated::kMain);
        } else {
            const auto kind = static_cast<std::size_t>(use.kind);
            new_names.push_back(renamed.intern(kLetters[kind] + std::to_string(next[kind]++)));
        }
    }
    for_each_name(renamed, [&](NameKind kind, Name& name) {
        const auto at = std::find(used.uses.begin(), used.uses.end(), used.used_as(kind, name));
        name = new_names[static_cast<std::size_t>(at - used.uses.begin())];
    });
    return renamed;
}

}  // namespace cancelsim::scenarios
