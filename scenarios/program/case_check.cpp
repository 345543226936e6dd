#include "scenarios/program/case_check.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "scenarios/program/case_json.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

bool is_reserved(std::string_view error) {
    return std::find(kReservedErrors.begin(), kReservedErrors.end(), error) != kReservedErrors.end();
}

class Checker {
public:
    explicit Checker(const Case& program) : program_(program) {}

    std::string check() {
        if (!is_name(program_.name)) return "the case's name is not a name";
        if (program_.budget < 1 || !in_range(program_.budget)) return "the budget is out of range";
        std::set<std::string_view> seen;
        for (const std::string& name : program_.names)
            if (!seen.insert(name).second) return "the name " + name + " is there twice";
        const auto count = static_cast<std::uint32_t>(program_.statements.size());
        if (program_.main_end > count) return "main ends after the last statement";
        fault_ = why_invalid_objects(program_);
        check_list(0, program_.main_end, 1, false);
        std::uint32_t end = program_.main_end;
        for (const EnvironmentEntry& entry : program_.environment) {
            if (entry.begin != end || entry.end < entry.begin || entry.end > count)
                return "an environment entry does not follow what is before it";
            if (entry.when < (entry.at_iteration ? 1 : 0) || !in_range(entry.when))
                return "an environment entry comes at a moment that is out of range";
            check_list(entry.begin, entry.end, 1, true);
            end = entry.end;
        }
        if (end != count) return "statements belong neither to main nor to the environment";
        if (fault_.empty() && listed_ != program_.lists.size()) return "there are lists that no statement has";
        check_futures();
        return fault_;
    }

private:
    void fail(std::uint32_t at, std::string_view what) {
        if (fault_.empty()) fault_ = "statement " + std::to_string(at) + ": " + std::string(what);
    }

    void check_futures() {
        std::vector<Name> listed = program_.stubborn;
        listed.insert(listed.end(), program_.plain_futures.begin(), program_.plain_futures.end());
        std::sort(listed.begin(), listed.end());
        const bool twice = std::adjacent_find(listed.begin(), listed.end()) != listed.end();
        const bool all_names = std::all_of(listed.begin(), listed.end(), [this](Name name) {
            return name < program_.names.size() && is_name(program_.names[name]);
        });
        if (fault_.empty() && (twice || !all_names)) fault_ = "the futures are not a set of names";
    }

    void check_list(std::uint32_t begin, std::uint32_t end, std::size_t level, bool outside) {
        std::uint32_t at = begin;
        while (at < end && fault_.empty()) {
            const std::uint32_t size = program_.statements[at].size;
            if (size < 1 || size > end - at) return fail(at, "it does not end where its siblings need it to");
            if (level > kMaxLevels) return fail(at, "it is nested too deep");
            if (outside && !type_of(program_.statements[at].op).allowed_outside())
                return fail(at, "the environment cannot run it");
            check_statement(at, level, outside);
            at += size;
        }
    }

    void check_statement(std::uint32_t at, std::size_t level, bool outside) {
        const Statement& statement = program_.statements[at];
        const StatementType& type = type_of(statement.op);
        // A statement that has only these fields, with what the others are by default.
        Statement plain;
        plain.op = statement.op;
        plain.size = statement.size;
        for (const Field& field : *type.fields) check_field(at, field, plain);
        if (statement != plain) return fail(at, "it sets a field that it does not have");
        if (!fault_.empty()) return;
        if (const auto fault = (*type.check)(program_, at, outside))
            return fail(at, std::string(fault->key) + ": expected " + fault->expected + ", got " + fault->got);
        const Parts parts = parts_of(statement);
        if (parts.handler.begin < 1 || parts.handler.begin > parts.handler.end ||
            parts.finally.begin > parts.finally.end)
            return fail(at, "its parts are not in order");
        if (!type.is_block() && statement.size != 1) return fail(at, "it cannot have a body");
        for (const Part& part : {parts.body, parts.handler, parts.finally})
            check_list(at + part.begin, at + part.end, level + 1, false);
    }

    /// Checks one field, and copies it to `plain`.
    void check_field(std::uint32_t at, const Field& field, Statement& plain) {
        const Statement& statement = program_.statements[at];
        switch (field.kind) {
            case FieldKind::name: {
                const Name name = name_at(statement, field.slot);
                if (field.required || name != kNoName) check_name(at, name, field.names);
                name_at(plain, field.slot) = name;
                break;
            }
            case FieldKind::names:
                plain.handler = statement.handler;
                plain.finally = statement.finally;
                check_names(at, field);
                break;
            case FieldKind::number:
                if (field.required || statement.has_number) plain.number = statement.number;
                if (!field.required) plain.has_number = statement.has_number;
                if ((field.required || statement.has_number) &&
                    (statement.number < field.least || !in_range(statement.number)))
                    fail(at, "its number is out of range");
                break;
            case FieldKind::number_or_null:
                plain.has_number = statement.has_number;
                if (statement.has_number) plain.number = statement.number;
                if (!in_range(statement.number)) fail(at, "its number is out of range");
                break;
            case FieldKind::flag: set_flag(plain, field.slot, flag_at(statement, field.slot)); break;
            case FieldKind::word:
                set_word(plain, field.slot, word_at(statement, field.slot));
                if (word_at(statement, field.slot) >= field.words.size()) fail(at, "it has a word that there is not");
                break;
            case FieldKind::handler: plain.handler = statement.handler; break;
            case FieldKind::finally:
                plain.finally = statement.finally;
                plain.has_finally = statement.has_finally;
                if (!statement.has_finally && statement.finally != statement.size)
                    fail(at, "there are statements in a finally that is not there");
                break;
            case FieldKind::body: break;
        }
    }

    void check_name(std::uint32_t at, Name name, NameKind kind) {
        if (name >= program_.names.size())
            fail(at, "it has no name");
        else if (kind != NameKind::text && !is_name(program_.names[name]))
            fail(at, "its name is not a name");
        else if (kind == NameKind::error && is_reserved(program_.names[name]))
            fail(at, "its error is named like another outcome");
    }

    /// Lists follow one another in the order of the statements.
    void check_names(std::uint32_t at, const Field& field) {
        const Statement& statement = program_.statements[at];
        if (statement.handler != listed_ || statement.finally == 0 ||
            statement.finally > program_.lists.size() - listed_)
            return fail(at, "its list of names is not where it should be");
        listed_ += statement.finally;
        for (const Name name : program_.list_of(statement)) check_name(at, name, field.names);
    }

    const Case& program_;
    std::uint32_t listed_ = 0;  ///< names in the lists of the statements so far
    std::string fault_;
};

}  // namespace

std::string why_invalid(const Case& program) { return Checker(program).check(); }

}  // namespace cancelsim::scenarios
