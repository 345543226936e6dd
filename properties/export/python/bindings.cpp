#include "properties/export/python/bindings.h"

#include <algorithm>
#include <cctype>

namespace cancelsim::properties::python {

using scenarios::Case;
using scenarios::Name;
using scenarios::NameKind;
using scenarios::Op;
using scenarios::Statement;

namespace {

constexpr std::string_view kKeywords[] = {
    "False",    "None",           "True",     "and",     "as",    "assert", "async",     "await",
    "break",    "class",          "continue", "def",     "del",   "elif",   "else",      "except",
    "for",      "from",           "global",   "finally", "if",    "import", "in",        "is",
    "lambda",   "nonlocal",       "not",      "or",      "pass",  "raise",  "return",    "try",
    "while",    "with",           "yield",    "match",   "case",  "range",  "Exception", "BaseException",
    "__name__", "StubbornFuture", "UNIT",     "asyncio", "anyio", "math"};

bool is_identifier_letter(char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

bool binds_scope(Op op) { return op == Op::scope || op == Op::fail_after || op == Op::enter; }
bool binds_group(Op op) { return op == Op::group || op == Op::group_enter; }
bool spawns(Op op) { return op == Op::spawn || op == Op::start || op == Op::spawn_detached; }

}  // namespace

Bindings::Bindings(const Case& program, std::string_view reserved) : program_(program) {
    for (const Statement& statement : program.statements) {
        if (binds_scope(statement.op)) scopes_.insert(statement.name);
        if (binds_group(statement.op)) groups_.insert(statement.name);
    }
    find_functions();
    name_everything(reserved);
    may_give_way(walk_function(0, {}), 0);
    // The outside world comes after the first step of `main`.
    for (std::uint32_t i = 0; i < functions_.size(); ++i)
        if (functions_[i].outside) walk_function(i, at_first_await_);
    for (const auto& [variable, functions] : uses_)
        if (variable.first == NameKind::event || variable.first == NameKind::future) made_by_main_.push_back(variable);
    for (const Variable& variable : made_by_main_) {
        uses_[variable].insert(0);
        assigned_[variable].insert(0);
    }
}

void Bindings::find_functions() {
    const auto main = std::find(program_.names.begin(), program_.names.end(), "main") - program_.names.begin();
    const bool has_name = static_cast<std::size_t>(main) < program_.names.size();
    functions_.push_back(
        {.end = program_.main_end, .task = has_name ? static_cast<Name>(main) : scenarios::kNoName, .is_main = true});
    // By statement: the innermost function, and whether a `repeat` of that function is around it.
    struct Open {
        std::uint32_t end;
        std::uint32_t function;
        bool often;
    };
    std::vector<Open> open{{program_.main_end, 0, false}};
    for (std::uint32_t i = 0; i < program_.main_end; ++i) {
        while (open.back().end <= i) open.pop_back();
        const Statement& statement = program_.statements[i];
        const Open around = open.back();
        if (statement.op == Op::started) functions_[around.function].takes_status = true;
        if (statement.op == Op::repeat) open.push_back({i + statement.size, around.function, true});
        if (!spawns(statement.op)) continue;
        const auto number = static_cast<std::uint32_t>(functions_.size());
        body_of_[i] = number;
        functions_.push_back({.begin = i + 1,
                              .end = i + statement.size,
                              .task = statement.task,
                              .runs_often = around.often,
                              .takes_status = statement.op == Op::start});
        open.push_back({i + statement.size, number, around.often});
    }
    for (const scenarios::EnvironmentEntry& entry : program_.environment)
        functions_.push_back({.begin = entry.begin, .end = entry.end, .outside = true});
}

void Bindings::name_everything(std::string_view reserved) {
    taken_.insert(std::begin(kKeywords), std::end(kKeywords));
    for (std::size_t at = 0; at < reserved.size(); ++at) {
        if (!is_identifier_letter(reserved[at])) continue;
        std::size_t end = at;
        while (end < reserved.size() && is_identifier_letter(reserved[end])) ++end;
        taken_.emplace(reserved.substr(at, end - at));
        at = end;
    }
    taken_.erase("main");
    for (Function& function : functions_)
        if (function.is_main) function.name = unique("main");
    for (const scenarios::NameUse& use : scenarios::names_in_use(program_)) {
        if (use.kind == NameKind::text) continue;
        const std::string& text = program_.names[use.name];
        if (use.kind == NameKind::scope || use.kind == NameKind::group) {
            names_[{scope_kind(use.name), use.name}] = unique(text);
            if (is_both(use.name)) names_[{NameKind::group, use.name}] = unique(text + "_group");
        } else {
            names_[{use.kind, use.name}] = unique(use.kind == NameKind::task ? text + "_task" : text);
        }
    }
    std::size_t entry = 0;
    for (Function& function : functions_) {
        if (function.is_main) continue;
        if (function.outside) {
            const scenarios::EnvironmentEntry& when = program_.environment[entry++];
            function.name = unique((when.at_iteration ? "in_iteration_" : "at_time_") + std::to_string(when.when));
        } else {
            function.name = unique(program_.names[function.task]);
        }
    }
}

/// An identifier that nothing else has.
std::string Bindings::unique(std::string_view wanted) {
    std::string name;
    for (const char letter : wanted) name += is_identifier_letter(letter) ? letter : '_';
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name = "_" + name;
    std::string candidate = name;
    for (int number = 2; taken_.contains(candidate); ++number) candidate = name + "_" + std::to_string(number);
    taken_.insert(candidate);
    return candidate;
}

NameKind Bindings::scope_kind(Name name) const {
    return groups_.contains(name) && !scopes_.contains(name) ? NameKind::group : NameKind::scope;
}

std::string Bindings::scope_text(Name name) const {
    const NameKind kind = scope_kind(name);
    return this->name(kind, name) + (kind == NameKind::group ? ".cancel_scope" : "");
}

bool Bindings::is_global(const Variable& variable) const {
    const auto& functions = uses_.at(variable);
    const bool often = functions_[*functions.begin()].runs_often;
    return functions.size() > 1 || often || doubtful_.contains(variable);
}

std::vector<std::string> Bindings::globals_to_begin_with() const {
    std::vector<std::string> result;
    for (const auto& [variable, functions] : uses_)
        if (is_global(variable) && assigned_.contains(variable)) result.push_back(names_.at(variable));
    return result;
}

std::vector<std::string> Bindings::globals_assigned_in(const Function& function) const {
    const auto number = static_cast<std::uint32_t>(&function - functions_.data());
    std::vector<std::string> result;
    for (const auto& [variable, functions] : assigned_)
        if (functions.contains(number) && is_global(variable)) result.push_back(names_.at(variable));
    return result;
}

void Bindings::bind(const Variable& variable, Bound& bound, std::uint32_t function) {
    bound.insert(variable);
    uses_[variable].insert(function);
    assigned_[variable].insert(function);
}

void Bindings::refer(std::uint32_t statement, const Variable& variable, const Bound& bound, std::uint32_t function) {
    const NameKind kind = variable.first;
    const Name name = variable.second;
    const bool is_task =
        kind == NameKind::task && std::any_of(functions_.begin(), functions_.end(),
                                              [&](const auto& each) { return !each.outside && each.task == name; });
    const bool exists = is_task || (kind == NameKind::scope && scopes_.contains(name)) ||
                        (kind == NameKind::group && groups_.contains(name));
    Reference& reference = references_[statement];
    reference = !exists ? Reference::never : bound.contains(variable) ? Reference::surely : Reference::perhaps;
    if (!exists) return;
    uses_[variable].insert(function);
    if (reference == Reference::perhaps) doubtful_.insert(variable);
}

/// What `main` has bound when it first awaits, or may end, is bound before anything else runs.
void Bindings::may_give_way(const Bound& bound, std::uint32_t function) {
    if (function != 0 || main_gave_way_) return;
    main_gave_way_ = true;
    at_first_await_ = bound;
}

Bindings::Bound Bindings::walk_function(std::uint32_t function, Bound bound) {
    const Function& body = functions_[function];
    // A task's variable is assigned only where something refers to it.
    const bool named = std::any_of(program_.statements.begin(), program_.statements.end(), [&](const Statement& each) {
        return each.op == Op::native_cancel && each.name == body.task;
    });
    if (named && !body.outside) bind({NameKind::task, body.task}, bound, function);
    walk(body.begin, body.end, bound, function);
    return bound;
}

void Bindings::walk(std::uint32_t begin, std::uint32_t end, Bound& bound, std::uint32_t function) {
    for (std::uint32_t at = begin; at < end; at += program_.statements[at].size) {
        const Statement& statement = program_.statements[at];
        switch (statement.op) {
            case Op::scope:
            case Op::fail_after:
            case Op::group: {
                const bool group = statement.op == Op::group;
                bind({group ? NameKind::group : NameKind::scope, statement.name}, bound, function);
                if (group && is_both(statement.name)) bind({NameKind::scope, statement.name}, bound, function);
                Bound inside = bound;  // a cancelled block is left in the middle
                walk(at + 1, at + statement.size, inside, function);
                if (group) may_give_way(inside, function);
                break;
            }
            case Op::repeat: walk(at + 1, at + statement.size, bound, function); break;
            case Op::try_: walk_try(at, bound, function); break;
            default: walk_leaf(at, bound, function); break;
        }
    }
}

void Bindings::walk_try(std::uint32_t index, Bound& bound, std::uint32_t function) {
    const Statement& statement = program_.statements[index];
    Bound body = bound;
    Bound handler = bound;
    Bound finally = bound;
    walk(index + 1, index + statement.handler, body, function);
    walk(index + statement.handler, index + statement.finally, handler, function);
    walk(index + statement.finally, index + statement.size, finally, function);
    if (statement.catches == scenarios::Catch::none || statement.then != scenarios::Then::swallow)
        bound.insert(body.begin(), body.end());  // who comes out of it has come through the body
    else
        std::set_intersection(body.begin(), body.end(), handler.begin(), handler.end(),
                              std::inserter(bound, bound.end()));
    bound.insert(finally.begin(), finally.end());
}

void Bindings::walk_leaf(std::uint32_t index, Bound& bound, std::uint32_t function) {
    const Statement& statement = program_.statements[index];
    const auto walk_body = [&] { walk_function(body_of_.at(index), bound); };
    switch (statement.op) {
        case Op::spawn: refer(index, {NameKind::group, statement.name}, bound, function); return walk_body();
        case Op::start:
            refer(index, {NameKind::group, statement.name}, bound, function);
            may_give_way(bound, function);
            return walk_body();
        case Op::spawn_detached: return walk_body();
        case Op::group_exit:
            refer(index, {NameKind::group, statement.name}, bound, function);
            return may_give_way(bound, function);
        case Op::cancel:
        case Op::set_shield:
        case Op::set_deadline: return refer(index, {scope_kind(statement.name), statement.name}, bound, function);
        case Op::exit:
            refer(index, {scope_kind(statement.name), statement.name}, bound, function);
            return may_give_way(bound, function);
        case Op::native_cancel: return refer(index, {NameKind::task, statement.name}, bound, function);
        case Op::enter: return bind({NameKind::scope, statement.name}, bound, function);
        case Op::group_enter:
            bind({NameKind::group, statement.name}, bound, function);
            if (is_both(statement.name)) bind({NameKind::scope, statement.name}, bound, function);
            return;
        case Op::event_wait:
        case Op::event_set: uses_[{NameKind::event, statement.name}].insert(function); break;
        case Op::future_wait:
        case Op::future_resolve: uses_[{NameKind::future, statement.name}].insert(function); break;
        default: break;
    }
    switch (statement.op) {
        case Op::sleep:
        case Op::checkpoint:
        case Op::checkpoint_if_cancelled:
        case Op::cancel_shielded_checkpoint:
        case Op::event_wait:
        case Op::future_wait:
        case Op::raise: return may_give_way(bound, function);
        default: return;
    }
}

}  // namespace cancelsim::properties::python
