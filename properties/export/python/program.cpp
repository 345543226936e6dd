#include "properties/export/python/program.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "properties/export/python/text.h"
#include "properties/failure/failure.h"

namespace cancelsim::properties::python {

using scenarios::Case;
using scenarios::Catch;
using scenarios::Name;
using scenarios::NameKind;
using scenarios::Op;
using scenarios::Statement;
using scenarios::Then;

namespace {

/// How deep CPython lets the blocks of one function nest; the first releases of 3.12 crash beyond 18.
constexpr int kMostNested = 18;

class Writer {
public:
    Writer(const Case& program, const Bindings& bindings, bool real_time)
        : program_(program), bindings_(bindings), real_time_(real_time) {}

    std::string function(const Function& function) {
        text_.clear();
        status_ = function.takes_status && !function.is_main;
        outside_ = function.outside;
        nested_ = 0;
        const std::string_view parameters = status_ ? "*, task_status=anyio.TASK_STATUS_IGNORED" : "";
        line(0, fmt::format("{}def {}({}):", function.outside ? "" : "async ", function.name, parameters));
        const std::size_t begin = text_.size();
        const auto globals = bindings_.globals_assigned_in(function);
        if (!globals.empty()) line(1, fmt::format("global {}", fmt::join(globals, ", ")));
        if (function.is_main) make_events_and_futures();
        if (!function.outside && function.task != scenarios::kNoName &&
            bindings_.is_used(NameKind::task, function.task))
            line(1, name(NameKind::task, function.task) + " = asyncio.current_task()");
        statements(1, function.begin, function.end);
        if (!has_code(begin)) line(1, "pass");
        return text_;
    }

private:
    void line(int level, std::string_view content) {
        text_.append(static_cast<std::size_t>(level) * 4, ' ');
        text_ += content;
        text_ += '\n';
    }
    /// Whether there is more than comments from `begin` on.
    bool has_code(std::size_t begin) const {
        for (std::size_t at = begin; at < text_.size(); at = text_.find('\n', at) + 1)
            if (text_[text_.find_first_not_of(' ', at)] != '#') return true;
        return false;
    }
    const std::string& name(NameKind kind, Name name) const { return bindings_.name(kind, name); }
    std::string time(std::int64_t number) const { return units(number, real_time_); }

    void make_events_and_futures() {
        for (const auto& [kind, name] : bindings_.made_by_main()) {
            const bool stubborn = std::count(program_.stubborn.begin(), program_.stubborn.end(), name) != 0;
            line(1, fmt::format("{} = {}()", this->name(kind, name),
                                kind == NameKind::event ? "anyio.Event"
                                : stubborn              ? "StubbornFuture"
                                                        : "asyncio.Future"));
        }
    }

    void block(int level, std::uint32_t begin, std::uint32_t end) {
        const std::size_t before = text_.size();
        statements(level, begin, end);
        if (!has_code(before)) line(level, "pass");
    }
    void statements(int level, std::uint32_t begin, std::uint32_t end) {
        for (std::uint32_t at = begin; at < end; at += program_.statements[at].size) statement(level, at);
    }
    void nested(int more, int level, std::uint32_t begin, std::uint32_t end) {
        nested_ += more;
        if (nested_ > kMostNested)
            throw FailureError(fmt::format("blocks nest too deep for Python, around statement {}", begin));
        block(level, begin, end);
        nested_ -= more;
    }

    void statement(int level, std::uint32_t index);
    void with_scope(int level, std::uint32_t index);
    void with_group(int level, std::uint32_t index);
    void try_block(int level, std::uint32_t index);
    void referring(int level, std::uint32_t index);
    std::string constructor(const Statement& statement) const;
    std::string call(const Statement& statement, std::uint32_t index) const;
    std::string plain(const Statement& statement) const;

    const Case& program_;
    const Bindings& bindings_;
    const bool real_time_;
    std::string text_;
    bool status_ = false;   ///< the function has a task status
    bool outside_ = false;  ///< it is of the environment: no task runs it
    int nested_ = 0;
};

/// A scope; with a deadline it is what `move_on_after` makes.
std::string Writer::constructor(const Statement& statement) const {
    const std::string_view shield = statement.flag ? "shield=True" : "";
    if (!statement.has_number) return fmt::format("anyio.CancelScope({})", shield);
    return fmt::format("anyio.move_on_after({}{}{})", time(statement.number), shield.empty() ? "" : ", ", shield);
}

void Writer::with_scope(int level, std::uint32_t index) {
    const Statement& statement = program_.statements[index];
    const std::string& scope = name(NameKind::scope, statement.name);
    if (statement.op == Op::fail_after) {
        line(level, fmt::format("with anyio.fail_after({}{}) as {}:", time(statement.number),
                                statement.flag ? ", shield=True" : "", scope));
    } else if (statement.cancel_first) {
        line(level, fmt::format("{} = {}", scope, constructor(statement)));
        line(level, scope + ".cancel()");
        line(level, fmt::format("with {}:", scope));
    } else {
        line(level, fmt::format("with {} as {}:", constructor(statement), scope));
    }
    nested(1, level + 1, index + 1, index + statement.size);
}

void Writer::with_group(int level, std::uint32_t index) {
    const Statement& statement = program_.statements[index];
    const std::string& group = name(NameKind::group, statement.name);
    line(level, fmt::format("async with anyio.create_task_group() as {}:", group));
    if (bindings_.is_both(statement.name))
        line(level + 1, fmt::format("{} = {}.cancel_scope", name(NameKind::scope, statement.name), group));
    nested(1, level + 1, index + 1, index + statement.size);
}

void Writer::try_block(int level, std::uint32_t index) {
    const Statement& statement = program_.statements[index];
    const int has_finally = statement.has_finally ? 1 : 0;
    line(level, "try:");
    nested(has_finally + (statement.catches != Catch::none ? 1 : 0), level + 1, index + 1, index + statement.handler);
    if (statement.catches != Catch::none) {
        constexpr std::string_view kCaught[] = {"", "asyncio.CancelledError", "Exception", "BaseException"};
        line(level, fmt::format("except {}:", kCaught[static_cast<std::size_t>(statement.catches)]));
        nested_ += 2 + has_finally;
        const std::size_t begin = text_.size();
        nested(0, level + 1, index + statement.handler, index + statement.finally);
        // A handler that has nothing of its own but how it ends.
        const bool empty = statement.handler == statement.finally;
        if (empty && statement.then != Then::swallow) text_.resize(begin);
        if (statement.then == Then::reraise) line(level + 1, "raise");
        if (statement.then == Then::raise_cancelled) line(level + 1, "raise asyncio.CancelledError()");
        nested_ -= 2 + has_finally;
    }
    if (!statement.has_finally) return;
    line(level, "finally:");
    nested(1, level + 1, index + statement.finally, index + statement.size);
}

/// A statement that refers to a scope, group or task that may not be there.
void Writer::referring(int level, std::uint32_t index) {
    const Statement& statement = program_.statements[index];
    const Reference reference = bindings_.reference(index);
    if (reference == Reference::never) {
        line(level, fmt::format("# There is no {} here.", harmless(program_.names[statement.name])));
        return;
    }
    if (reference == Reference::perhaps) {
        NameKind kind = scenarios::kind_of_name(statement.op);
        if (kind == NameKind::scope) kind = bindings_.scope_kind(statement.name);
        line(level++, fmt::format("if {} is not None:", name(kind, statement.name)));
    }
    line(level, call(statement, index));
}

std::string Writer::call(const Statement& statement, std::uint32_t index) const {
    const auto group = [&] { return name(NameKind::group, statement.name); };
    const auto scope = [&] { return bindings_.scope_text(statement.name); };
    const std::string_view now = outside_ ? "asyncio.get_running_loop().time()" : "anyio.current_time()";
    switch (statement.op) {
        case Op::spawn: return fmt::format("{}.start_soon({})", group(), bindings_.spawned_by(index).name);
        case Op::start: return fmt::format("await {}.start({})", group(), bindings_.spawned_by(index).name);
        case Op::group_exit: return fmt::format("await {}.__aexit__(None, None, None)", group());
        case Op::cancel: return scope() + ".cancel()";
        case Op::set_shield: return fmt::format("{}.shield = {}", scope(), statement.flag ? "True" : "False");
        case Op::set_deadline:
            if (!statement.has_number) return scope() + ".deadline = math.inf";
            return fmt::format("{}.deadline = {} {} {}", scope(), now, statement.number < 0 ? "-" : "+",
                               time(statement.number < 0 ? -statement.number : statement.number));
        case Op::exit: return scope() + ".__exit__(None, None, None)";
        default: return name(NameKind::task, statement.name) + ".cancel()  # asyncio's own";
    }
}

/// A statement of one line that refers to nothing that may not be there.
std::string Writer::plain(const Statement& statement) const {
    switch (statement.op) {
        case Op::sleep: return fmt::format("await anyio.sleep({})", time(statement.number));
        case Op::checkpoint:
        case Op::checkpoint_if_cancelled:
        case Op::cancel_shielded_checkpoint:
            return fmt::format("await anyio.lowlevel.{}()", scenarios::name_of(statement.op));
        case Op::event_wait: return fmt::format("await {}.wait()", name(NameKind::event, statement.name));
        case Op::event_set: return name(NameKind::event, statement.name) + ".set()";
        case Op::future_wait: return "await " + name(NameKind::future, statement.name);
        case Op::started: return status_ ? "task_status.started()" : "# There is no task status here.";
        case Op::raise: return fmt::format("raise {}()", name(NameKind::error, statement.name));
        case Op::uncancel: return "asyncio.current_task().uncancel()";
        default: return "# " + harmless(program_.names[statement.name]);  // a note
    }
}

void Writer::statement(int level, std::uint32_t index) {
    const Statement& statement = program_.statements[index];
    switch (statement.op) {
        case Op::scope:
        case Op::fail_after: return with_scope(level, index);
        case Op::group: return with_group(level, index);
        case Op::try_: return try_block(level, index);
        case Op::repeat:
            line(level, fmt::format("for _ in range({}):", statement.number));
            return nested(1, level + 1, index + 1, index + statement.size);
        case Op::spawn:
        case Op::start:
        case Op::group_exit:
        case Op::cancel:
        case Op::set_shield:
        case Op::set_deadline:
        case Op::exit:
        case Op::native_cancel: return referring(level, index);
        case Op::spawn_detached:
            return line(level, fmt::format("asyncio.create_task({}())", bindings_.spawned_by(index).name));
        case Op::future_resolve: {
            const std::string& future = name(NameKind::future, statement.name);
            line(level, fmt::format("if not {}.done():", future));
            return line(level + 1, future + ".set_result(None)");
        }
        case Op::enter: {
            const std::string& scope = name(NameKind::scope, statement.name);
            line(level, fmt::format("{} = {}", scope, constructor(statement)));
            return line(level, scope + ".__enter__()");
        }
        case Op::group_enter: {
            const std::string& group = name(NameKind::group, statement.name);
            line(level, fmt::format("{} = anyio.create_task_group()", group));
            if (bindings_.is_both(statement.name))
                line(level, fmt::format("{} = {}.cancel_scope", name(NameKind::scope, statement.name), group));
            return line(level, fmt::format("await {}.__aenter__()", group));
        }
        default: return line(level, plain(statement));
    }
}

}  // namespace

std::string units(std::int64_t number, bool real_time) {
    if (!real_time || number == 0) return std::to_string(number);
    return number == 1 ? "UNIT" : fmt::format("{} * UNIT", number);
}

std::string program_section(const Case& program, const Bindings& bindings, bool real_time) {
    std::string text;
    if (real_time) text += fmt::format("UNIT = {}  # seconds\n\n", kUnitSeconds);
    if (const auto globals = bindings.globals_to_begin_with(); !globals.empty())
        text += fmt::format("{} = None\n\n", fmt::join(globals, " = "));
    for (const scenarios::NameUse& use : scenarios::names_in_use(program))
        if (use.kind == NameKind::error)
            text += fmt::format("\nclass {}(Exception):\n    pass\n\n", bindings.name(use.kind, use.name));
    if (!program.stubborn.empty())
        text += "\nclass StubbornFuture(asyncio.Future):\n    def cancel(self, msg=None):\n        return False\n\n";
    Writer writer(program, bindings, real_time);
    for (const Function& function : bindings.functions()) text += "\n" + writer.function(function) + "\n";
    text.pop_back();
    return text;
}

std::string outside_lines(const Case& program, const Bindings& bindings, bool real_time) {
    std::string timers;
    std::string arrivals;
    std::size_t index = 0;
    std::vector<std::pair<std::int64_t, std::string>> by_iteration;
    for (const Function& function : bindings.functions()) {
        if (!function.outside) continue;
        const scenarios::EnvironmentEntry& entry = program.environment[index++];
        if (entry.at_iteration)
            by_iteration.emplace_back(entry.when, function.name);
        else
            timers += fmt::format("    loop.call_later({}, {})\n", units(entry.when, real_time), function.name);
    }
    std::stable_sort(by_iteration.begin(), by_iteration.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [iteration, function] : by_iteration)
        arrivals += fmt::format("{}[{}, {}, 0]", arrivals.empty() ? "" : ", ", iteration, function);
    if (!arrivals.empty()) timers += fmt::format("    loop.arrivals = [{}]  # [iteration, what, delays]\n", arrivals);
    return timers;
}

}  // namespace cancelsim::properties::python
