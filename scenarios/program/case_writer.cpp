#include <algorithm>
#include <span>
#include <utility>

#include "scenarios/program/case_json.h"
#include "scenarios/program/json_tree.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

namespace {

class CaseWriter {
public:
    explicit CaseWriter(const Case& program) : case_(program) {}

    std::string write();

private:
    void write_environment();
    void write_futures();
    void write_objects();
    void write_object(const ObjectSpec& object);
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
    if (case_.objects) write_objects();
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

void CaseWriter::write_objects() {
    key("objects");
    open('{');
    for (const ObjectSpec& object : *case_.objects) write_object(object);
    close('}');
}

void CaseWriter::write_object(const ObjectSpec& object) {
    const ObjectType& type = type_of(object.kind);
    key(case_.names.at(object.name));
    open('{');
    key("kind");
    string(*type.name);
    for (const Property& property : *type.properties) {
        if (!is_given(object, property.slot)) continue;
        key(property.key);
        switch (property.slot) {
            case PropertySlot::fast_acquire: flag(object.fast_acquire); break;
            case PropertySlot::amount: number(object.amount); break;
            case PropertySlot::max_value: number(object.max_value); break;
            case PropertySlot::lock: name(object.lock); break;
        }
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
    for (const Field& field : *type_of(statement.op).fields) {
        if (!field.required && !is_written(field, statement)) continue;
        key(field.key);
        write_field(field, index);
    }
    close('}');
}

/// Of a field that can be left out. A word that belongs beside another key is written wherever that is, also the
/// default.
bool CaseWriter::is_written(const Field& field, const Statement& statement) const {
    const Parts parts = parts_of(statement);
    switch (field.kind) {
        case FieldKind::name: return name_at(statement, field.slot) != kNoName;
        case FieldKind::number: return statement.has_number;
        case FieldKind::flag: return flag_at(statement, field.slot);
        case FieldKind::word:
            for (const Field& other : *type_of(statement.op).fields)
                if (other.key == field.beside) return is_written(other, statement);
            return word_at(statement, field.slot) != 0;
        case FieldKind::handler: return parts.handler.begin != parts.handler.end;
        case FieldKind::finally: return statement.has_finally;
        case FieldKind::names:
        case FieldKind::number_or_null:
        case FieldKind::body: return true;
    }
    return true;
}

void CaseWriter::write_field(const Field& field, std::size_t index) {
    const Statement& statement = case_.statements[index];
    const Parts parts = parts_of(statement);
    const auto write_part = [&](const Part& part) { write_statements(index + part.begin, index + part.end); };
    switch (field.kind) {
        case FieldKind::name: name(name_at(statement, field.slot)); break;
        case FieldKind::names:
            open('[');
            for (const Name each : case_.list_of(statement)) name(each);
            close(']');
            break;
        case FieldKind::number: number(statement.number); break;
        case FieldKind::number_or_null:
            if (statement.has_number)
                number(statement.number);
            else
                text_ += "null";
            break;
        case FieldKind::flag: flag(flag_at(statement, field.slot)); break;
        case FieldKind::word: string(field.words[word_at(statement, field.slot)]); break;
        case FieldKind::body: write_part(parts.body); break;
        case FieldKind::handler: write_part(parts.handler); break;
        case FieldKind::finally: write_part(parts.finally); break;
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
