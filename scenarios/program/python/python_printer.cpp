#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <set>

#include "scenarios/program/python/case_python.h"
#include "scenarios/program/python/python_fields.h"
#include "scenarios/program/python/python_forms.h"
#include "scenarios/program/python/python_try.h"

namespace cancelsim::scenarios {

namespace {

constexpr std::size_t kStep = 4;

bool flag_of(const Statement& statement, const Field& field) {
    return field.kind == FieldKind::cancel_first ? statement.cancel_first : statement.flag;
}

/// Whether a statement can be printed in this form.
bool fits(const Statement& statement, const PythonFormOf& candidate) {
    for (const Field& field : fields_of(statement.op)) {
        const bool there = candidate.pattern.has(field.key);
        switch (field.kind) {
            case FieldKind::flag:
            case FieldKind::cancel_first:
                if (!there && flag_of(statement, field) != (candidate.form.sets == field.key)) return false;
                break;
            case FieldKind::maybe_number:
                if (there != statement.has_number) return false;
                break;
            case FieldKind::number_or_null:
                if (there ? candidate.pattern.adds(field.key) && !statement.has_number : statement.has_number)
                    return false;
                break;
            case FieldKind::none:
            case FieldKind::name:
            case FieldKind::task:
            case FieldKind::error:
            case FieldKind::text:
            case FieldKind::number:
            case FieldKind::catches:
            case FieldKind::then:
            case FieldKind::body:
            case FieldKind::handler:
            case FieldKind::finally: break;
        }
    }
    return true;
}

const PythonFormOf& form_of(const Statement& statement) {
    const auto& forms = python_forms(statement.op);
    const auto fitting =
        std::find_if(forms.begin(), forms.end(), [&](const PythonFormOf& form) { return fits(statement, form); });
    assert(fitting != forms.end());
    return *fitting;
}

PythonSubstitute value_of(const PythonNames& names, std::uint32_t at, const Statement& statement,
                          std::string_view key) {
    for (const Field& field : fields_of(statement.op)) {
        if (field.key != key) continue;
        switch (field.kind) {
            case FieldKind::name:
                if (binds_name(statement.op)) return {names.bound(statement.name)};
                return {names.spelled(kind_of_name(statement.op), statement.name)};
            case FieldKind::error:
            case FieldKind::text: return {names.spelled(kind_of_name(statement.op), statement.name)};
            case FieldKind::task: return {names.function(at, statement.task)};
            case FieldKind::number:
            case FieldKind::maybe_number: return {std::to_string(statement.number)};
            case FieldKind::number_or_null: return {statement.has_number ? std::to_string(statement.number) : "None"};
            case FieldKind::flag:
            case FieldKind::cancel_first: {
                const bool value = flag_of(statement, field);
                return {value ? "True" : "False", !value && !field.required};
            }
            case FieldKind::none:
            case FieldKind::catches:
            case FieldKind::then:
            case FieldKind::body:
            case FieldKind::handler:
            case FieldKind::finally: break;
        }
    }
    assert(false);
    return {};
}

std::vector<std::string> lines_of(const Case& program, const PythonNames& names, std::uint32_t at,
                                  const std::function<void(const PythonExpression& part)>& seen) {
    const Statement& statement = program.statements[at];
    if (statement.op == Op::try_) return {"try:"};
    const auto value = [&](std::string_view key) { return value_of(names, at, statement, key); };
    return form_of(statement).pattern.lines(value, seen);
}

class Printer {
public:
    Printer(const Case& program, std::size_t indent) : program_(program), names_(program), indent_(indent) {}

    /// Only the functions; `blank_lines` between them.
    std::string functions(std::size_t blank_lines) {
        line(0, fmt::format("async def main({}):", parameters(0, program_.main_end, false)));
        const bool bound = binds_main() && task_line(1, "main");
        const bool made = make_variables();
        body(1, 0, program_.main_end, bound || made);
        for (std::size_t i = 0; i < program_.environment.size(); ++i) {
            const EnvironmentEntry& entry = program_.environment[i];
            text_.append(blank_lines, '\n');
            need("cancelsim");
            line(0, fmt::format("@cancelsim.outside({}={})", entry.at_iteration ? "at_iteration" : "at", entry.when));
            line(0, fmt::format("def outside{}():", i));
            body(1, entry.begin, entry.end, false);
        }
        return std::move(text_);
    }

    std::string report() {
        for (const std::string& text : declarations()) line(0, text);
        return functions(0);
    }

    std::string file() {
        std::string body = functions(2);
        if (names_.needs_object()) need("cancelsim");
        const std::string_view runner = imports_.contains("cancelsim") ? "cancelsim" : "anyio";
        need(runner);
        std::string text = fmt::format("# case: {}\n", program_.name);
        if (program_.budget != kDefaultBudget) text += fmt::format("# budget: {}\n", program_.budget);
        for (const std::string& module : imports_) text += fmt::format("import {}\n", module);
        if (names_.needs_object()) text += "\nn = cancelsim.names()\n";
        for (const std::string& declared : declarations()) text += declared + "\n";
        return text + "\n\n" + body + fmt::format("\n\n{}.run(main)\n", runner);
    }

private:
    void line(std::size_t level, std::string_view content) {
        text_.append(indent_ + level * kStep, ' ');
        text_ += content;
        text_ += '\n';
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
        return lines;
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
        if (!says_started(program_, begin, end)) return "";
        need("cancelsim");
        return "*, task_status=cancelsim.nothing";
    }

    void body(std::size_t level, std::uint32_t begin, std::uint32_t end, bool has_line) {
        if (begin == end && !has_line) line(level, "pass");
        for (std::uint32_t at = begin; at < end; at += program_.statements[at].size) statement(level, at);
    }

    void statement(std::size_t level, std::uint32_t at) {
        const Statement& statement = program_.statements[at];
        const Name task = spawned_task(statement);
        if (task != kNoName) function(level, at, task);
        for (const std::string& text :
             lines_of(program_, names_, at, [this](const PythonExpression& part) { note(part); }))
            line(level, text);
        if (statement.op == Op::try_)
            rest_of_try(level, at);
        else if (is_block(statement.op) && task == kNoName)
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
        const bool given = form_of(statement).form.gives_status;
        line(level, fmt::format("async def {}({}):", names_.function(at, task), parameters(at + 1, end, given)));
        const bool bound = names_.is_used_task(task) && task_line(level + 1, name);
        body(level + 1, at + 1, end, bound);
    }

    void rest_of_try(std::size_t level, std::uint32_t at) {
        const Statement& statement = program_.statements[at];
        const auto [inside, handler, finally] = parts_of(statement, at);
        body(level + 1, inside.begin, inside.end, false);
        if (statement.catches != Catch::none) {
            const std::string_view caught = kPythonCaught[static_cast<std::size_t>(statement.catches)];
            if (statement.catches == Catch::cancelled) need("asyncio");
            line(level, fmt::format("except {}:", caught));
            const std::string_view last = kPythonThen[static_cast<std::size_t>(statement.then)];
            if (statement.then == Then::raise_cancelled) need("asyncio");
            body(level + 1, handler.begin, handler.end, !last.empty());
            if (!last.empty()) line(level + 1, last);
        }
        if (statement.has_finally) {
            line(level, "finally:");
            body(level + 1, finally.begin, finally.end, false);
        }
    }

    const Case& program_;
    PythonNames names_;
    std::size_t indent_;
    std::string text_;
    std::set<std::string, std::less<>> imports_;
};

}  // namespace

bool says_started(const Case& program, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t at = begin; at < end;) {
        const Statement& statement = program.statements[at];
        if (statement.op == Op::started) return true;
        at += spawned_task(statement) != kNoName ? statement.size : 1;
    }
    return false;
}

std::string to_python(const Case& program) { return Printer(program, 0).file(); }

std::string python_functions(const Case& program, std::size_t indent) { return Printer(program, indent).report(); }

std::string PythonStatements::line(std::uint32_t statement) const {
    std::string text;
    for (const std::string& line : lines_of(program_, names_, statement, {})) text += (text.empty() ? "" : "; ") + line;
    return text;
}

}  // namespace cancelsim::scenarios
