#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <span>

#include "scenarios/program/case_json.h"
#include "scenarios/program/object_type.h"
#include "scenarios/program/python/case_python.h"
#include "scenarios/program/python/json_place.h"
#include "scenarios/program/python/name_check.h"
#include "scenarios/program/python/python_form.h"
#include "scenarios/program/python/python_try.h"
#include "scenarios/program/python/value_reader.h"

namespace cancelsim::scenarios {

namespace {

using Json = nlohmann::ordered_json;
using Statements = std::span<const PythonStatement>;
using Kind = PythonExpressionKind;

class Reader : PythonValues {
public:
    Reader(std::string_view text, std::string_view file_name, std::string_view default_name)
        : PythonValues(file_name), module_(parse_python_syntax(text, file_name)) {
        case_["name"] = default_name;
    }

    Case run() {
        read_head();
        const PythonStatement* main = nullptr;
        std::vector<const PythonStatement*> outside;
        for (const PythonStatement& statement : module_.statements) {
            if (statement.kind != PythonStatementKind::def) {
                read_top(statement);
            } else if (statement.is_async) {
                if (main != nullptr || statement.text != "main")
                    fail(statement.line, "the program has one function `async def main` and others only in it");
                main = &statement;
            } else {
                outside.push_back(&statement);
            }
        }
        if (main == nullptr) fail(module_.last_line, "there is no `async def main`");
        case_["main"] = read_task(*main, "main", false);
        for (const PythonStatement* function : outside) read_outside(*function);
        for (auto& [name, properties] : made_.items()) futures_[name] = properties;
        if (!futures_.empty()) case_["futures"] = futures_;
        if (!objects_.empty()) case_["objects"] = objects_;
        Case program = of_json();
        check_python_names(program, names_, tasks_, file_name());
        return program;
    }

private:
    using PythonValues::number;

    [[noreturn]] void refuse(const PythonStatement& statement) const {
        fail(statement.line, fmt::format("`{}` is not part of the case language", shortened(python_text(statement))));
    }

    void read_head() {
        for (const PythonComment& comment : module_.head) {
            const std::size_t colon = comment.text.find(": ");
            if (colon == std::string::npos) continue;
            const std::string_view key = std::string_view(comment.text).substr(0, colon);
            const std::string_view value = std::string_view(comment.text).substr(colon + 2);
            if (key == "case") {
                if (!is_name(value)) fail(comment.line, fmt::format("a case has {}", kNameRule));
                case_["name"] = value;
            } else if (key == "objects") {
                if (value != "none") fail(comment.line, "a head comment says of objects only that there are none");
                case_["objects"] = Json::object();
            } else if (key == "budget") {
                std::int64_t budget = 0;
                const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), budget);
                if (error != std::errc{} || end != value.data() + value.size() || budget < 1 || budget >= kNumberLimit)
                    fail(comment.line, fmt::format("a budget is an integer from 1 to {}", kNumberLimit - 1));
                case_["budget"] = budget;
            }
        }
    }

    static bool is_run(const PythonStatement& statement) {
        const std::string text = python_text(statement);
        return text == "anyio.run(main)" || text == "cancelsim.run(main)";
    }

    /// What stands beside the functions.
    void read_top(const PythonStatement& statement) {
        const std::string text = python_text(statement);
        constexpr std::string_view kKnown[] = {"import anyio",     "import anyio.lowlevel", "import asyncio",
                                               "import cancelsim", "import math",           "n = cancelsim.names()"};
        if (std::find(std::begin(kKnown), std::end(kKnown), text) != std::end(kKnown) || is_run(statement)) return;
        if (statement.kind == PythonStatementKind::pass || read_declaration(statement)) return;
        const bool guarded = statement.kind == PythonStatementKind::if_ && statement.body.size() == 1 &&
                             is_text(*statement.value, "__name__ == \"__main__\"");
        if (guarded && is_run(statement.body[0])) return;
        refuse(statement);
    }

    /// `n.lock("x0", fast_acquire=True)`, of any kind of object.
    bool read_object(const PythonStatement& statement) {
        if (statement.kind != PythonStatementKind::expression) return false;
        const PythonExpression& call = *statement.value;
        if (call.kind != Kind::call || call.operands[0].kind != Kind::attribute ||
            !is_text(call.operands[0].operands[0], kNamesObject) || call.operands.size() != 2 + call.keywords.size())
            return false;
        const auto kind = std::find_if(kObjectTypes.begin(), kObjectTypes.end(),
                                       [&](const ObjectType* type) { return *type->name == call.operands[0].text; });
        if (kind == kObjectTypes.end()) return false;
        const std::string name = quoted_name(call.operands[1]);
        if (objects_.contains(name)) fail(statement.line, fmt::format("the object `{}` is there already", name));
        Json properties = {{"kind", *(*kind)->name}};
        for (std::size_t i = 0; i < call.keywords.size(); ++i)
            properties[call.keywords[i]] = property_in(call.operands[2 + i]);
        objects_[name] = std::move(properties);
        declared_.emplace_back("objects." + name, statement.line);
        return true;
    }

    Json property_in(const PythonExpression& value) const {
        if (value.kind == Kind::string) return quoted_name(value);
        if (value.kind == Kind::number || value.kind == Kind::negative) return number(value, 1 - kNumberLimit, false);
        return flag(value);
    }

    /// `n.future("f0", stubborn=True)`, or an object.
    bool read_declaration(const PythonStatement& statement) {
        if (read_object(statement)) return true;
        static const PythonPattern kFuture({"n.future({name}, stubborn={stubborn})"});
        const auto holes = kFuture.match(&statement, &statement + 1);
        if (!holes) return false;
        Json properties = Json::object();
        std::string name;
        for (const PythonHole& hole : *holes) {
            if (hole.key == "name")
                name = quoted_name(*hole.values[0]);
            else if (flag(*hole.values[0]))
                properties["stubborn"] = true;
        }
        if (futures_.contains(name)) fail(statement.line, fmt::format("the future `{}` is there already", name));
        futures_[name] = std::move(properties);
        return true;
    }

    void read_outside(const PythonStatement& function) {
        if (function.decorators.size() != 1)
            fail(function.line, "a function beside `main` is `@cancelsim.outside(...)`");
        const PythonExpression& decorator = function.decorators[0];
        const bool good = decorator.kind == Kind::call && is_text(decorator.operands[0], "cancelsim.outside") &&
                          decorator.operands.size() == 2 && decorator.keywords.size() == 1 &&
                          (decorator.keywords[0] == "at" || decorator.keywords[0] == "at_iteration");
        if (!good || !function.parameters.empty())
            fail(decorator.line, "expected `@cancelsim.outside(at=...)` or `(at_iteration=...)`, and no parameters");
        Json entry;
        const bool at = decorator.keywords[0] == "at";
        entry[decorator.keywords[0]] = number(decorator.operands[1], at ? 0 : 1, false);
        outside_ = true;
        entry["do"] = read_list(function.body, 0, 1);
        case_["environment"].push_back(std::move(entry));
    }

    /// The body of a task; `given`: it is given a task status.
    Json read_task(const PythonStatement& function, const std::string& name, bool given, std::size_t level = 1) {
        const bool outer = std::exchange(has_status_, has_status(function, given));
        std::size_t begin = 0;
        bool binds_itself = false;
        for (; begin < function.body.size(); ++begin) {
            const PythonStatement& statement = function.body[begin];
            if (statement.kind != PythonStatementKind::assign) break;
            if (is_text(*statement.value, "asyncio.current_task()"))
                binds_itself = read_own_binding(statement, name);
            else if (level != 1 || !make_variable(statement))
                break;
        }
        tasks_.push_back({name, binds_itself, function.line});
        Json body = read_list(function.body, begin, level);
        has_status_ = outer;
        return body;
    }

    bool has_status(const PythonStatement& function, bool given) const {
        if (function.parameters.empty()) {
            if (given) fail(function.line, "what `start` calls has the parameter `*, task_status`");
            return false;
        }
        const PythonParameter& status = function.parameters[0];
        const bool stands_in = status.value && is_text(*status.value, "cancelsim.nothing");
        if (function.parameters.size() != 1 || status.name != "task_status" || (status.value && !stands_in))
            fail(function.line,
                 "a task's function has no parameter, or `*, task_status`, or `*, task_status=cancelsim.nothing`");
        if (!given && !stands_in) fail(function.line, "this task has no task status: only `start` gives one");
        return true;
    }

    bool read_own_binding(const PythonStatement& statement, const std::string& name) const {
        const auto [table, bound] = attribute(*statement.target);
        if (table != python_table(NameKind::task) || bound != name)
            fail(statement.line, fmt::format("here the task binds its own name: `{} = asyncio.current_task()`",
                                             python_attribute(python_table(NameKind::task), name)));
        return true;
    }

    /// `e0 = anyio.Event()` and the like, at the beginning of main.
    bool make_variable(const PythonStatement& statement) {
        const std::string value = python_text(*statement.value);
        const bool event = value == "anyio.Event()";
        const bool stubborn = value == "cancelsim.StubbornFuture()";
        if ((!event && !stubborn && value != "asyncio.Future()") || statement.target->kind != Kind::name) return false;
        const std::string& name = statement.target->text;
        if (!variables_.emplace(name, event ? NameKind::event : NameKind::future).second)
            fail(statement.line, fmt::format("`{}` is there already", name));
        if (stubborn) made_[name]["stubborn"] = true;
        return true;
    }

    Json read_list(Statements statements, std::size_t at, std::size_t level) {
        Json list = Json::array();
        if (level > kMaxLevels && at < statements.size())
            fail(statements[at].line, fmt::format("statements are nested more than {} deep", kMaxLevels));
        while (at < statements.size()) {
            const PythonStatement& statement = statements[at];
            if (statement.kind == PythonStatementKind::pass) {
                ++at;
            } else if (statement.kind == PythonStatementKind::try_) {
                list.push_back(read_try(statement, level));
                ++at;
            } else {
                const PythonStatement* function = statement.kind == PythonStatementKind::def ? &statement : nullptr;
                if (function != nullptr) ++at;
                at += read_statement(statements, at, function, level, list);
            }
        }
        return list;
    }

    /// Adds the statement that begins at `at`; `function` is the one above it. Returns how many it takes in Python.
    std::size_t read_statement(Statements statements, std::size_t at, const PythonStatement* function,
                               std::size_t level, Json& list) {
        const PythonStatement* begin = statements.data() + at;
        const PythonStatement* end = statements.data() + statements.size();
        for (int i = 0; begin != end && i < kOps; ++i) {
            const auto op = static_cast<Op>(i);
            if (type_of(op).fields->spawns() != (function != nullptr)) continue;
            for (const PythonPattern& pattern : python_patterns(op)) {
                const auto holes = pattern.match(begin, end);
                if (!holes) continue;
                auto fields = fields_in(op, *holes, function);
                if (!fields) continue;
                if (!pattern.form().sets.empty()) (*fields)[std::string(pattern.form().sets)] = true;
                check_place(op, pattern, *begin);
                lines_.push_back(begin->line);
                const PythonStatement& last = begin[pattern.size() - 1];
                if (function != nullptr)
                    (*fields)["body"] =
                        read_task(*function, task_name(*function), pattern.form().gives_status, level + 1);
                else if (pattern.is_block())
                    (*fields)["body"] = read_list(last.body, 0, level + 1);
                list.push_back(std::move(*fields));
                return pattern.size();
            }
        }
        if (function != nullptr)
            fail(function->line,
                 fmt::format("`{}` is not followed by a statement that starts it as a task", function->text));
        refuse(*begin);
    }

    void check_place(Op op, const PythonPattern& pattern, const PythonStatement& statement) const {
        if (outside_ && !type_of(op).allowed_outside())
            fail(statement.line, fmt::format("the outside world cannot do `{}`: it never waits, and has no task",
                                             python_text(statement)));
        if (!has_status_ && pattern.names(kTaskStatus))
            fail(statement.line, "this task's function has no parameter `*, task_status=cancelsim.nothing`");
    }

    /// The statement's fields, without a body; nothing if a name is not one of the kind that the statement has.
    std::optional<Json> fields_in(Op op, const std::vector<PythonHole>& holes, const PythonStatement* function) {
        Json json;
        json["op"] = name_of(op);
        std::vector<NameInPython> names;
        for (const Field& field : *type_of(op).fields) {
            for (const PythonHole& hole : holes) {
                if (hole.key != field.key) continue;
                const bool again = json.contains(hole.key);
                auto value = value_in(field, hole, function, names);
                if (!value || (again && json[std::string(hole.key)] != *value)) return std::nullopt;
                json[std::string(hole.key)] = std::move(*value);
            }
            // A form without it stands for none.
            if (field.kind == FieldKind::number_or_null && !json.contains(field.key))
                json[std::string(field.key)] = nullptr;
        }
        names_.insert(names_.end(), names.begin(), names.end());
        return json;
    }

    std::optional<Json> value_in(const Field& field, const PythonHole& hole, const PythonStatement* function,
                                 std::vector<NameInPython>& names) const {
        switch (field.kind) {
            case FieldKind::name: return name_in(field, *hole.values[0], function, names);
            case FieldKind::names: {
                Json list = Json::array();
                for (const PythonExpression* value : hole.values) {
                    auto name = name_in(field, *value, function, names);
                    if (!name) return std::nullopt;
                    list.push_back(std::move(*name));
                }
                return list;
            }
            case FieldKind::number_or_null:
                if (!hole.values.empty() && hole.values[0]->kind == Kind::none) return nullptr;
                return number(field, hole);
            case FieldKind::number: return number(field, hole);
            case FieldKind::flag: return flag(*hole.values[0]);
            case FieldKind::word: {
                const PythonExpression& value = *hole.values[0];
                const bool known = std::find(field.words.begin(), field.words.end(), value.text) != field.words.end();
                if (value.kind != Kind::string || !known)
                    fail(value.line,
                         fmt::format("expected {}, got {}", one_of(field.words), shortened(python_text(value))));
                return value.text;
            }
            case FieldKind::body:
            case FieldKind::handler:
            case FieldKind::finally: break;
        }
        return std::nullopt;
    }

    std::int64_t number(const Field& field, const PythonHole& hole) const {
        return hole.values.empty() ? 0 : number(*hole.values[0], field.least, hole.subtracted);
    }

    std::optional<Json> name_in(const Field& field, const PythonExpression& given, const PythonStatement* function,
                                std::vector<NameInPython>& names) const {
        if (field.names == NameKind::text || field.names == NameKind::error || field.names == NameKind::borrower)
            return text_in(field, given);
        if (field.role == NameRole::spawns) {
            if (given.kind != Kind::name || given.text != function->text) return std::nullopt;
            return task_name(*function);
        }
        const bool as_scope = field.names == NameKind::scope && field.role != NameRole::binds;
        const bool cancel_scope = as_scope && given.kind == Kind::attribute && given.text == "cancel_scope";
        const PythonExpression& value = cancel_scope ? given.operands[0] : given;
        NameInPython use{{}, field.names, field.role, value.kind == Kind::name, cancel_scope, value.line};
        if (use.is_variable) {
            use.name = value.text;
            const auto known = variables_.find(use.name);
            const bool is_scope = field.names == NameKind::scope || field.names == NameKind::group;
            if (is_scope ? known != variables_.end() : known == variables_.end() || known->second != field.names)
                return std::nullopt;
        } else {
            const auto [table, name] = attribute(value);
            if (name.empty() || table != python_table(field.names)) return std::nullopt;
            use.name = name;
        }
        names.push_back(use);
        return names.back().name;
    }

    /// What is wrong with the case beyond its Python is blamed on the line that it stands in.
    Case of_json() const {
        try {
            return parse_case(case_.dump(), file_name(), 1);
        } catch (const CaseError& error) {
            constexpr std::string_view kLine = ":1: ";
            const std::string_view fault = std::string_view(error.what()).substr(file_name().size() + kLine.size());
            for (const auto& [path, line] : declared_)
                if (fault.starts_with(path)) fail(line, fault);
            const auto [statement, rest] = statement_at(case_, fault);
            fail(statement < lines_.size() ? lines_[statement] : 1, rest);
        }
    }

    Json read_try(const PythonStatement& statement, std::size_t level) {
        if (outside_) fail(statement.line, "the outside world cannot do `try`");
        lines_.push_back(statement.line);
        Json json;
        json["op"] = name_of(Op::try_);
        json["body"] = read_list(statement.body, 0, level + 1);
        if (statement.except) read_except(*statement.except, level, json);
        if (statement.finally) json["finally"] = read_list(*statement.finally, 0, level + 1);
        return json;
    }

    /// The word of `try` in this place, by value.
    static std::string_view word(Slot slot, std::ptrdiff_t value) {
        const Fields& fields = *type_of(Op::try_).fields;
        const auto field =
            std::find_if(fields.begin(), fields.end(), [&](const Field& one) { return one.slot == slot; });
        return field->words[static_cast<std::size_t>(value)];
    }

    void read_except(const PythonExcept& except, std::size_t level, Json& json) {
        const std::string caught = except.value ? python_text(*except.value) : "";
        const auto known = std::find(kPythonCaught.begin() + 1, kPythonCaught.end(), caught);
        if (known == kPythonCaught.end())
            fail(except.line,
                 "expected `except asyncio.CancelledError:`, `except Exception:` or `except BaseException:`");
        json["catch"] = word(Slot::catches, known - kPythonCaught.begin());
        Statements handler = except.body;
        const auto last = std::find(kPythonThen.begin() + 1, kPythonThen.end(), python_text(handler.back()));
        if (last != kPythonThen.end()) {
            json["then"] = word(Slot::then, last - kPythonThen.begin());
            handler = handler.first(handler.size() - 1);
        }
        json["handler"] = read_list(handler, 0, level + 1);
    }

    PythonModule module_;
    Json case_;
    Json futures_ = Json::object();
    Json objects_ = Json::object();
    std::vector<std::pair<std::string, std::uint32_t>> declared_;  ///< the objects: as their faults begin, and the line
    Json made_ = Json::object();                                   ///< the futures that main makes and the case lists
    std::map<std::string, NameKind, std::less<>> variables_;       ///< the events and futures that main makes
    std::vector<NameInPython> names_;
    std::vector<TaskInPython> tasks_;
    std::vector<std::uint32_t> lines_;  ///< of the statements, by number
    bool outside_ = false;              ///< what is read is the environment's
    bool has_status_ = false;           ///< the function that is read has a task status, or its stand-in
};

}  // namespace

Case parse_python(std::string_view text, std::string_view file_name, std::string_view default_name) {
    return Reader(text, file_name, default_name).run();
}

}  // namespace cancelsim::scenarios
