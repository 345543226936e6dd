#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "scenarios/program/object_type.h"
#include "scenarios/program/python/case_python.h"
#include "scenarios/program/python/python_form.h"
#include "scenarios/program/python/python_try.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::size_t kStep = 4;

/// Whether a field has a value that is not its default.
bool is_in(const Statement& statement, const Field& field) {
    switch (field.kind) {
        case FieldKind::name: return name_at(statement, field.slot) != kNoName;
        case FieldKind::number: return field.required || statement.has_number;
        case FieldKind::number_or_null: return statement.has_number;
        case FieldKind::flag: return flag_at(statement, field.slot);
        case FieldKind::word: return word_at(statement, field.slot) != 0;
        case FieldKind::names:
        case FieldKind::body:
        case FieldKind::handler:
        case FieldKind::finally: return true;
    }
    return true;
}

/// Whether a statement can be printed in this form: it has room for every field, and needs none that is left out.
bool fits(const Statement& statement, const PythonPattern& pattern) {
    for (const Field& field : *type_of(statement.op).fields) {
        if (field.slot == Slot::part) continue;
        const bool value = is_in(statement, field);
        if (field.kind == FieldKind::flag && !pattern.has(field.key)) {
            if (value != (pattern.form().sets == field.key)) return false;
        } else if (!pattern.has(field.key)) {
            if (value) return false;
        } else if (!value && !pattern.may_leave_out(field.key)) {
            if (field.kind == FieldKind::name || field.kind == FieldKind::number || pattern.adds(field.key))
                return false;
        }
    }
    return true;
}

const PythonPattern& pattern_of(const Statement& statement) {
    const auto& patterns = python_patterns(statement.op);
    const auto fitting = std::find_if(patterns.begin(), patterns.end(),
                                      [&](const PythonPattern& pattern) { return fits(statement, pattern); });
    assert(fitting != patterns.end());
    return *fitting;
}

bool is_try(Op op) { return type_of(op).fields->parts() == 3; }

/// What a field is printed as.
class FieldPrinter {
public:
    FieldPrinter(const Case& program, const PythonNames& names, std::uint32_t at)
        : program_(program), names_(names), at_(at), statement_(program.statements[at]) {}

    PythonSubstitute operator()(std::string_view key) const {
        const Fields& fields = *type_of(statement_.op).fields;
        const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.key == key; });
        assert(field != fields.end());
        return {text(*field), !field->required && !is_in(statement_, *field)};
    }

private:
    std::string text(const Field& field) const {
        switch (field.kind) {
            case FieldKind::name: {
                const Name name = name_at(statement_, field.slot);
                return name == kNoName ? std::string() : name_text(field, name);
            }
            case FieldKind::names: {
                std::string list;
                for (const Name name : program_.list_of(statement_))
                    list += (list.empty() ? "" : ", ") + name_text(field, name);
                return list;
            }
            case FieldKind::number: return std::to_string(statement_.number);
            case FieldKind::number_or_null: return statement_.has_number ? std::to_string(statement_.number) : "None";
            case FieldKind::flag: return flag_at(statement_, field.slot) ? "True" : "False";
            case FieldKind::word: return python_quoted(field.words[word_at(statement_, field.slot)]);
            case FieldKind::body:
            case FieldKind::handler:
            case FieldKind::finally: break;
        }
        return {};
    }

    std::string name_text(const Field& field, Name name) const {
        if (field.role == NameRole::spawns) return names_.function(at_, name);
        return field.role == NameRole::binds ? names_.bound(field.names, name) : names_.spelled(field.names, name);
    }

    const Case& program_;
    const PythonNames& names_;
    std::uint32_t at_;
    const Statement& statement_;
};

std::vector<std::string> lines_of(const Case& program, const PythonNames& names, std::uint32_t at,
                                  const std::function<void(const PythonExpression& part)>& seen) {
    const Statement& statement = program.statements[at];
    if (is_try(statement.op)) return {"try:"};
    return pattern_of(statement).lines(FieldPrinter(program, names, at), seen);
}

/// The name of the task that a statement makes, or none.
Name spawned_task(const Case& program, std::uint32_t at) {
    Name task = kNoName;
    for_each_name_in(program, program.statements[at], [&](const Field& field, Name name) {
        if (field.role == NameRole::spawns) task = name;
    });
    return task;
}

/// Whether a task that runs statements [begin, end) may itself need a task status, or its stand-in.
bool needs_status(const Case& program, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at < end;) {
        const Statement& statement = program.statements[at];
        const auto& patterns = python_patterns(statement.op);
        if (!patterns.empty() && patterns.front().names(kTaskStatus)) return true;
        at += type_of(statement.op).fields->spawns() ? statement.size : 1;
    }
    return false;
}

class Printer {
public:
    Printer(const Case& program, std::size_t indent) : program_(program), names_(program), indent_(indent) {}

    /// Only the functions; `blank_lines` between them.
    std::string functions(std::size_t blank_lines) {
        at_ = kNoStatement;
        line(0, fmt::format("async def main({}):", parameters(0, program_.main_end, false)));
        const bool bound = binds_main() && task_line(1, "main");
        const bool made = make_variables();
        body(1, 0, program_.main_end, bound || made);
        for (std::size_t i = 0; i < program_.environment.size(); ++i) {
            const EnvironmentEntry& entry = program_.environment[i];
            text_.append(blank_lines, '\n');
            at_ = kNoStatement;
            need("cancelsim");
            line(0, fmt::format("@cancelsim.outside({}={})", entry.at_iteration ? "at_iteration" : "at", entry.when));
            line(0, fmt::format("def outside_{}():", i));
            body(1, entry.begin, entry.end, false);
        }
        return std::move(text_);
    }

    std::string report() {
        for (const std::string& text : declarations()) line(0, text);
        return functions(0);
    }

    std::vector<PythonLine> report_lines() {
        const std::string text = report();
        std::vector<PythonLine> lines;
        std::size_t begin = 0;
        for (const std::uint32_t statement : statements_) {
            const std::size_t end = text.find('\n', begin);
            lines.push_back({text.substr(begin, end - begin), statement});
            begin = end + 1;
        }
        return lines;
    }

    std::string file() {
        std::string body = functions(2);
        if (names_.needs_object()) need("cancelsim");
        const std::string_view runner = imports_.contains("cancelsim") ? "cancelsim" : "anyio";
        need(runner);
        std::string text = fmt::format("# case: {}\n", program_.name);
        if (program_.budget != kDefaultBudget) text += fmt::format("# budget: {}\n", program_.budget);
        if (program_.objects && program_.objects->empty()) text += "# objects: none\n";
        text += imported({"asyncio", "math"}) + imported({"anyio", "anyio.lowlevel", "cancelsim"});
        if (names_.needs_object()) text += "\nn = cancelsim.names()\n";
        for (const std::string& declared : declarations()) text += declared + "\n";
        return text + "\n\n" + body + fmt::format("\n\n{}.run(main)\n", runner);
    }

private:
    void line(std::size_t level, std::string_view content) {
        statements_.push_back(at_);
        text_.append(indent_ + level * kStep, ' ');
        text_ += content;
        text_ += '\n';
    }
    /// The imports of those of a group of modules that the program needs, below an empty line.
    std::string imported(std::initializer_list<std::string_view> modules) const {
        std::string text;
        for (const std::string_view module : modules)
            if (imports_.contains(module)) text += fmt::format("{}import {}\n", text.empty() ? "\n" : "", module);
        return text;
    }
    void need(std::string_view module) { imports_.emplace(module); }
    /// Notes the modules that a pattern names.
    void note(const PythonExpression& part) {
        static constexpr std::string_view kModules[] = {"anyio", "asyncio", "math", "cancelsim"};
        const auto is_module = [](const PythonExpression& name) {
            return name.kind == PythonExpressionKind::name &&
                   std::find(std::begin(kModules), std::end(kModules), name.text) != std::end(kModules);
        };
        if (is_module(part)) need(part.text);
        if (part.kind == PythonExpressionKind::attribute && part.text == "lowlevel" && is_module(part.operands[0]))
            need("anyio.lowlevel");
    }

    std::vector<std::string> declarations() const {
        std::vector<std::string> lines;
        for (const Name name : program_.stubborn)
            if (!names_.is_variable(name))
                lines.push_back(fmt::format("n.future({}, stubborn=True)", python_quoted(program_.names[name])));
        for (const Name name : program_.plain_futures)
            lines.push_back(fmt::format("n.future({})", python_quoted(program_.names[name])));
        for (const ObjectSpec& object : program_.object_list()) lines.push_back(declaration(object));
        return lines;
    }
    std::string declaration(const ObjectSpec& object) const {
        const ObjectType& type = type_of(object.kind);
        std::string text = fmt::format("n.{}({}", *type.name, python_quoted(program_.names[object.name]));
        for (const Property& property : *type.properties) {
            if (!is_given(object, property.slot)) continue;
            text += fmt::format(", {}=", property.key);
            switch (property.slot) {
                case PropertySlot::fast_acquire: text += "True"; break;
                case PropertySlot::amount: text += std::to_string(object.amount); break;
                case PropertySlot::max_value: text += std::to_string(object.max_value); break;
                case PropertySlot::lock: text += python_quoted(program_.names[object.lock]); break;
            }
        }
        return text + ")";
    }

    bool binds_main() const {
        const auto& names = program_.names;
        const auto main = std::find(names.begin(), names.end(), "main");
        return main != names.end() && names_.is_used_task(static_cast<Name>(main - names.begin()));
    }

    /// The first line of a body of which the task is used by name. True.
    bool task_line(std::size_t level, std::string_view task) {
        need("asyncio");
        line(level, fmt::format("{} = asyncio.current_task()", python_attribute(python_table(NameKind::task), task)));
        return true;
    }

    bool make_variables() {
        for (const PythonNames::Made& made : names_.made()) {
            const std::string_view value = made.stubborn ? "cancelsim.StubbornFuture()"
                                           : made.future ? "asyncio.Future()"
                                                         : "anyio.Event()";
            need(value.substr(0, value.find('.')));
            line(1, fmt::format("{} = {}", program_.names[made.name], value));
        }
        return !names_.made().empty();
    }

    /// Of a function with this body; `given`: who calls it gives it a task status.
    std::string_view parameters(std::uint32_t begin, std::uint32_t end, bool given) {
        if (given) return "*, task_status";
        if (!needs_status(program_, begin, end)) return "";
        need("cancelsim");
        return "*, task_status=cancelsim.nothing";
    }

    void body(std::size_t level, std::uint32_t begin, std::uint32_t end, bool has_line) {
        if (begin == end && !has_line) line(level, "pass");
        for (std::uint32_t at = begin; at < end; at += program_.statements[at].size) statement(level, at);
    }

    void statement(std::size_t level, std::uint32_t at) {
        const Statement& statement = program_.statements[at];
        const Name task = spawned_task(program_, at);
        at_ = at;
        if (task != kNoName) function(level, at, task);
        at_ = at;
        for (const std::string& text :
             lines_of(program_, names_, at, [this](const PythonExpression& part) { note(part); }))
            line(level, text);
        if (is_try(statement.op))
            rest_of_try(level, at);
        else if (type_of(statement.op).is_block() && task == kNoName)
            body(level + 1, at + 1, at + statement.size, false);
    }

    /// The body of the task that statement `at` makes.
    void function(std::size_t level, std::uint32_t at, Name task) {
        const Statement& statement = program_.statements[at];
        const std::string& name = program_.names[task];
        if (!names_.names_function(task)) {
            need("cancelsim");
            line(level, fmt::format("@cancelsim.task({})", python_quoted(name)));
        }
        const std::uint32_t end = at + statement.size;
        const bool given = pattern_of(statement).form().gives_status;
        line(level, fmt::format("async def {}({}):", names_.function(at, task), parameters(at + 1, end, given)));
        const bool bound = names_.is_used_task(task) && task_line(level + 1, name);
        body(level + 1, at + 1, end, bound);
    }

    void rest_of_try(std::size_t level, std::uint32_t at) {
        const Statement& statement = program_.statements[at];
        const auto [inside, handler, finally] = parts_of(statement);
        body(level + 1, at + inside.begin, at + inside.end, false);
        if (statement.catches != Catch::none) {
            const std::string_view caught = kPythonCaught[static_cast<std::size_t>(statement.catches)];
            if (statement.catches == Catch::cancelled) need("asyncio");
            at_ = at;
            line(level, fmt::format("except {}:", caught));
            const std::string_view last = kPythonThen[static_cast<std::size_t>(statement.then)];
            if (statement.then == Then::raise_cancelled) need("asyncio");
            body(level + 1, at + handler.begin, at + handler.end, !last.empty());
            at_ = at;
            if (!last.empty()) line(level + 1, last);
        }
        if (statement.has_finally) {
            at_ = at;
            line(level, "finally:");
            body(level + 1, at + finally.begin, at + finally.end, false);
        }
    }

    const Case& program_;
    PythonNames names_;
    std::size_t indent_;
    std::string text_;
    std::uint32_t at_ = kNoStatement;        ///< the statement that is printed
    std::vector<std::uint32_t> statements_;  ///< of each line of a report
    std::set<std::string, std::less<>> imports_;
};

}  // namespace

std::string to_python(const Case& program) { return Printer(program, 0).file(); }

std::string python_functions(const Case& program, std::size_t indent) { return Printer(program, indent).report(); }

std::vector<PythonLine> python_lines(const Case& program) { return Printer(program, 0).report_lines(); }

std::string PythonStatements::line(std::uint32_t statement) const {
    std::string text;
    for (const std::string& line : lines_of(program_, names_, statement, {})) text += (text.empty() ? "" : "; ") + line;
    return text;
}

}  // namespace cancelsim::scenarios
