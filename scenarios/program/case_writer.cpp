#include <algorithm>
#include <span>
#include <utility>

#include "scenarios/program/case_fields.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/json_tree.h"

namespace cancelsim::scenarios {

namespace {

class CaseWriter {
public:
    explicit CaseWriter(const Case& program) : case_(program) {}

    std::string write();

private:
    void write_environment();
    void write_futures();
    void write_statements(std::size_t begin, std::size_t end);
    void write_statement(std::size_t index);
    bool is_written(const Field& field, const Statement& statement) const;
    void write_field(const Field& field, std::size_t index);

    void open(char bracket);
    void close(char bracket);
    void key(std::string_view name);
    void string(std::string_view text);
    void name(Name number) { string(case_.names.at(number)); }
    void flag(bool value) { text_ += value ? "true" : "false"; }
    void number(std::int64_t value) { text_ += std::to_string(value); }
    void comma();

    const Case& case_;
    std::string text_;
};

std::string CaseWriter::write() {
    open('{');
    key("name");
    string(case_.name);
    key("main");
    write_statements(0, case_.main_end);
    if (!case_.environment.empty()) write_environment();
    if (!case_.stubborn.empty() || !case_.plain_futures.empty()) write_futures();
    if (case_.budget != kDefaultBudget) {
        key("budget");
        number(case_.budget);
    }
    close('}');
    return std::move(text_);
}

void CaseWriter::write_environment() {
    key("environment");
    open('[');
    for (const EnvironmentEntry& entry : case_.environment) {
        open('{');
        key(entry.at_iteration ? "at_iteration" : "at");
        number(entry.when);
        key("do");
        write_statements(entry.begin, entry.end);
        close('}');
    }
    close(']');
}

void CaseWriter::write_futures() {
    key("futures");
    open('{');
    for (const Name future : case_.stubborn) {
        key(case_.names.at(future));
        open('{');
        key("stubborn");
        flag(true);
        close('}');
    }
    for (const Name future : case_.plain_futures) {
        key(case_.names.at(future));
        open('{');
        close('}');
    }
    close('}');
}

void CaseWriter::write_statements(std::size_t begin, std::size_t end) {
    open('[');
    for (std::size_t index = begin; index < end; index += case_.statements[index].size) write_statement(index);
    close(']');
}

void CaseWriter::write_statement(std::size_t index) {
    const Statement& statement = case_.statements[index];
    open('{');
    key("op");
    string(name_of(statement.op));
    for (const Field& field : fields_of(statement.op)) {
        if (!field.required && !is_written(field, statement)) continue;
        key(field.key);
        write_field(field, index);
    }
    close('}');
}

/// Of a field that can be left out.
bool CaseWriter::is_written(const Field& field, const Statement& statement) const {
    switch (field.kind) {
        case FieldKind::flag: return statement.flag;
        case FieldKind::cancel_first: return statement.cancel_first;
        case FieldKind::maybe_number: return statement.has_number;
        case FieldKind::catches:
        case FieldKind::then: return statement.catches != Catch::none;
        case FieldKind::handler: return statement.handler != statement.finally;
        case FieldKind::finally: return statement.has_finally;
        default: return true;
    }
}

void CaseWriter::write_field(const Field& field, std::size_t index) {
    const Statement& statement = case_.statements[index];
    switch (field.kind) {
        case FieldKind::none: break;
        case FieldKind::name:
        case FieldKind::error:
        case FieldKind::text: name(statement.name); break;
        case FieldKind::task: name(statement.task); break;
        case FieldKind::number:
        case FieldKind::maybe_number: number(statement.number); break;
        case FieldKind::number_or_null:
            if (statement.has_number)
                number(statement.number);
            else
                text_ += "null";
            break;
        case FieldKind::flag: flag(statement.flag); break;
        case FieldKind::cancel_first: flag(statement.cancel_first); break;
        case FieldKind::catches: string(kCatchNames[static_cast<std::size_t>(statement.catches)]); break;
        case FieldKind::then: string(kThenNames[static_cast<std::size_t>(statement.then)]); break;
        case FieldKind::body: {
            const bool is_try = statement.op == Op::try_;
            write_statements(index + 1, index + (is_try ? statement.handler : statement.size));
            break;
        }
        case FieldKind::handler: write_statements(index + statement.handler, index + statement.finally); break;
        case FieldKind::finally: write_statements(index + statement.finally, index + statement.size); break;
    }
}

void CaseWriter::open(char bracket) {
    comma();
    text_ += bracket;
}

void CaseWriter::close(char bracket) { text_ += bracket; }

void CaseWriter::key(std::string_view name) {
    string(name);
    text_ += ':';
}

void CaseWriter::string(std::string_view text) {
    comma();
    if (is_name(text))  // nothing to escape: the common case
        text_.append(1, '"').append(text).append(1, '"');
    else
        text_ += json_quoted(text);
}

/// Values follow a key's colon or an opening bracket without one.
void CaseWriter::comma() {
    if (text_.empty()) return;
    const char last = text_.back();
    if (last != ':' && last != '{' && last != '[') text_ += ',';
}

}  // namespace

std::string to_json(const Case& program) { return CaseWriter(program).write(); }

}  // namespace cancelsim::scenarios
