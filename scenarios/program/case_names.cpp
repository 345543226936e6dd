#include "scenarios/program/case_names.h"

#include <algorithm>
#include <array>
#include <string>

#include "scenarios/program/generated_names.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

/// What canonical names begin with; a text is always the same.
constexpr std::array<std::string_view, kNameKinds> kLetters{"s", "g", "t", "e", "f", "E", "x", "b", "T", "G", ""};

/// Calls `visit(kind, name)` for every name in a case, which it may replace where the case is not const.
template <class Program, class Visit>
void for_each_name(Program& program, Visit visit) {
    for (auto& statement : program.statements)
        for_each_name_in(program, statement, [&](const Field& field, auto& name) { visit(field.names, name); });
    for (auto& name : program.stubborn) visit(NameKind::future, name);
    for (auto& name : program.plain_futures) visit(NameKind::future, name);
    if (!program.objects) return;
    for (auto& object : *program.objects) {
        visit(NameKind::object, object.name);
        if (object.lock != kNoName) visit(NameKind::object, object.lock);
    }
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
    for (const Field& field : *type_of(op).fields)
        if (field.kind == FieldKind::name && field.slot == Slot::name) return field.names;
    return NameKind::scope;
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
            new_names.push_back(renamed.intern(std::string(kLetters[kind]) + std::to_string(next[kind]++)));
        }
    }
    for_each_name(renamed, [&](NameKind kind, Name& name) {
        const auto at = std::find(used.uses.begin(), used.uses.end(), used.used_as(kind, name));
        name = new_names[static_cast<std::size_t>(at - used.uses.begin())];
    });
    return renamed;
}

}  // namespace cancelsim::scenarios
