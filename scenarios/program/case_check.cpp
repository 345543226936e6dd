#include "scenarios/program/case_check.h"

#include <algorithm>
#include <string_view>

#include "scenarios/program/case_fields.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::scenarios {

namespace {

bool is_reserved(std::string_view error) {
    return std::find(kReservedErrors.begin(), kReservedErrors.end(), error) != kReservedErrors.end();
}

bool in_range(std::int64_t number) { return number > -kNumberLimit && number < kNumberLimit; }

class Checker {
public:
    explicit Checker(const Case& program) : program_(program) {}

    std::string check() {
        if (!is_name(program_.name)) return "the case's name is not a name";
        if (program_.budget < 1 || !in_range(program_.budget)) return "the budget is out of range";
        for (std::size_t i = 0; i < program_.names.size(); ++i)
            if (std::find(program_.names.begin(), program_.names.begin() + static_cast<std::ptrdiff_t>(i),
                          program_.names[i]) != program_.names.begin() + static_cast<std::ptrdiff_t>(i))
                return "the name " + program_.names[i] + " is there twice";
        const auto count = static_cast<std::uint32_t>(program_.statements.size());
        if (program_.main_end > count) return "main ends after the last statement";
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
            if (outside && !allowed_in_environment(program_.statements[at].op))
                return fail(at, "the environment cannot run it");
            check_statement(at, level);
            at += size;
        }
    }

    void check_statement(std::uint32_t at, std::size_t level) {
        const Statement& statement = program_.statements[at];
        // A statement that has only these fields, with what the others are by default.
        Statement plain;
        plain.op = statement.op;
        plain.size = statement.size;
        for (const Field& field : fields_of(statement.op)) check_field(at, field, plain);
        if (statement.op == Op::try_) return check_try(at, level);
        if (statement != plain) return fail(at, "it sets a field that it does not have");
        if (is_block(statement.op))
            check_list(at + 1, at + statement.size, level + 1, false);
        else if (statement.size != 1)
            fail(at, "it cannot have a body");
    }

    /// Checks one field, and copies it to `plain`.
    void check_field(std::uint32_t at, const Field& field, Statement& plain) {
        const Statement& statement = program_.statements[at];
        switch (field.kind) {
            case FieldKind::name:
            case FieldKind::error:
            case FieldKind::text: plain.name = check_name(at, statement.name, field.kind); break;
            case FieldKind::task: plain.task = check_name(at, statement.task, field.kind); break;
            case FieldKind::number:
                plain.number = statement.number;
                if (statement.number < field.least || !in_range(statement.number))
                    fail(at, "its number is out of range");
                break;
            case FieldKind::maybe_number:
            case FieldKind::number_or_null:
                plain.has_number = statement.has_number;
                if (statement.has_number) plain.number = statement.number;
                if (!in_range(statement.number)) fail(at, "its number is out of range");
                break;
            case FieldKind::flag: plain.flag = statement.flag; break;
            case FieldKind::cancel_first: plain.cancel_first = statement.cancel_first; break;
            default: break;  // of blocks
        }
    }

    Name check_name(std::uint32_t at, Name name, FieldKind kind) {
        if (name >= program_.names.size())
            fail(at, "it has no name");
        else if (kind != FieldKind::text && !is_name(program_.names[name]))
            fail(at, "its name is not a name");
        else if (kind == FieldKind::error && is_reserved(program_.names[name]))
            fail(at, "its error is named like another outcome");
        return name;
    }

    void check_try(std::uint32_t at, std::size_t level) {
        const Statement& statement = program_.statements[at];
        Statement plain;
        plain.op = Op::try_;
        plain.catches = statement.catches;
        plain.then = statement.catches == Catch::none ? Then::swallow : statement.then;
        plain.has_finally = statement.has_finally;
        plain.size = statement.size;
        plain.handler = statement.handler;
        plain.finally = statement.finally;
        if (statement != plain) return fail(at, "it sets a field that it does not have");
        if (statement.handler < 1 || statement.handler > statement.finally || statement.finally > statement.size)
            return fail(at, "its parts are not in order");
        if (statement.catches == Catch::none && !statement.has_finally)
            return fail(at, "a try has neither catch nor finally");
        if (statement.catches == Catch::none && statement.handler != statement.finally)
            return fail(at, "a handler has no catch");
        if (!statement.has_finally && statement.finally != statement.size)
            return fail(at, "there are statements in a finally that is not there");
        check_list(at + 1, at + statement.handler, level + 1, false);
        check_list(at + statement.handler, at + statement.finally, level + 1, false);
        check_list(at + statement.finally, at + statement.size, level + 1, false);
    }

    const Case& program_;
    std::string fault_;
};

}  // namespace

std::string why_invalid(const Case& program) { return Checker(program).check(); }

}  // namespace cancelsim::scenarios
