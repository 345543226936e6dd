#include "scenarios/program/python/python_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/program/python/python_form.h"
#include "scenarios/program/python/python_tokens.h"

namespace cancelsim::scenarios {

namespace {

/// What a program needs of Python and of the library by name.
constexpr std::array<std::string_view, 11> kTaken{"anyio",     "asyncio",       "math",       "cancelsim",
                                                  "n",         "range",         "print",      "main",
                                                  "Exception", "BaseException", "task_status"};
/// The attributes that `n` has itself.
constexpr std::array<std::string_view, 17> kAttributes{"tasks",
                                                       "events",
                                                       "futures",
                                                       "objects",
                                                       "timeouts",
                                                       "asyncio_groups",
                                                       "item",
                                                       "future",
                                                       "lock",
                                                       "semaphore",
                                                       "condition",
                                                       "limiter",
                                                       "stream",
                                                       "asyncio_lock",
                                                       "asyncio_semaphore",
                                                       "asyncio_condition",
                                                       "asyncio_queue"};

template <class Words>
bool contains(const Words& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// `task_12`: what a function is called whose task has a name that it cannot have.
bool is_made_up(std::string_view name) {
    constexpr std::string_view kTask = "task_";
    return name.starts_with(kTask) && name.size() > kTask.size() &&
           name.find_first_not_of("0123456789", kTask.size()) == std::string_view::npos;
}

std::uint32_t bit(NameKind kind) { return 1u << static_cast<unsigned>(kind); }

/// Whether the statement's own block may run several times.
bool is_loop(Op op) {
    const auto& patterns = python_patterns(op);
    return !patterns.empty() && patterns.front().is_loop();
}

/// Calls `visit(kind, role, name)` for each name in a statement.
template <class Visit>
void for_each_name(const Case& program, std::uint32_t at, Visit visit) {
    for_each_name_in(program, program.statements[at],
                     [&](const Field& field, Name name) { visit(field.names, field.role, name); });
}

constexpr std::uint32_t kTop = UINT32_MAX;

/// Whether a program has it as a string.
bool is_quoted(NameKind kind) {
    return kind == NameKind::error || kind == NameKind::text || kind == NameKind::borrower;
}

}  // namespace

std::string_view python_table(NameKind kind) {
    switch (kind) {
        case NameKind::task: return "tasks";
        case NameKind::event: return "events";
        case NameKind::future: return "futures";
        case NameKind::timeout: return "timeouts";
        case NameKind::asyncio_group: return "asyncio_groups";
        case NameKind::object: return "objects";
        case NameKind::borrower:
        case NameKind::scope:
        case NameKind::group:
        case NameKind::error:
        case NameKind::text: return {};
    }
    return {};
}

bool is_python_attribute(std::string_view name, bool of_own_table) {
    return is_python_identifier(name) && name[0] != '_' && !(of_own_table && contains(kAttributes, name));
}

bool is_free_in_python(std::string_view name) {
    return is_python_identifier(name) && name[0] != '_' && !contains(kTaken, name) && !is_made_up(name);
}

/// Where a statement stands.
struct PythonNames::Place {
    std::uint32_t block = kTop;  ///< the statement that it is directly in
    std::uint32_t part = 0;      ///< which of the lists there: where that begins
    bool repeats = false;        ///< its task's function may be called several times
};

PythonNames::PythonNames(const Case& program) : texts_(program.names), states_(program.names.size()) {
    note_uses(program);
    // Preorder: what is around a statement comes before it.
    std::vector<Place> places(program.statements.size());
    for (std::uint32_t at = 0; at < program.statements.size(); ++at) {
        const Statement& block = program.statements[at];
        const bool spawns = type_of(block.op).fields->spawns();
        // Of a function's own statements: whether the function may be called again.
        bool repeats = places[at].repeats;
        if (spawns)
            for (std::uint32_t around = at; !repeats && around != kTop; around = places[around].block)
                repeats = is_loop(program.statements[around].op);
        const auto [body, handler, finally] = parts_of(block);
        for (const Part part : {body, handler, finally})
            for (std::uint32_t child = at + part.begin; child < at + part.end; child += program.statements[child].size)
                places[child] = {at, part.begin, repeats};
    }
    note_escapes(program, places);
    choose(program);
}

void PythonNames::note_uses(const Case& program) {
    for (std::uint32_t at = 0; at < program.statements.size(); ++at) {
        for_each_name(program, at, [&](NameKind kind, NameRole role, Name name) {
            State& state = states_[name];
            state.kinds |= bit(kind);
            if (kind == NameKind::group) state.group = true;
            if (kind == NameKind::task && role != NameRole::spawns) state.used_task = true;
            if (at >= program.main_end) state.outside = true;
            if (role != NameRole::binds) return;
            ++state.binders;
            state.binder = at;
            state.binds_group = kind == NameKind::group;
        });
    }
    for (const auto* futures : {&program.stubborn, &program.plain_futures})
        for (const Name name : *futures) states_[name].kinds |= bit(NameKind::future);
    for (const ObjectSpec& object : program.object_list()) states_[object.name].kinds |= bit(NameKind::object);
}

void PythonNames::note_escapes(const Case& program, const std::vector<Place>& places) {
    for (std::uint32_t at = 0; at < program.main_end; ++at) {
        for_each_name(program, at, [&](NameKind kind, NameRole role, Name name) {
            State& state = states_[name];
            if (state.binders != 1 || (kind != NameKind::scope && kind != NameKind::group)) return;
            if (role == NameRole::binds) {
                state.escapes |= places[at].repeats;
                return;
            }
            // In the statement that binds it, or in or after what follows that in its block.
            const Place& binder = places[state.binder];
            std::uint32_t around = at;
            while (around != kTop && around != state.binder &&
                   (places[around].block != binder.block || places[around].part != binder.part))
                around = places[around].block;
            state.escapes |= around == kTop || around < state.binder;
        });
    }
}

void PythonNames::choose(const Case& program) {
    for (Name name = 0; name < states_.size(); ++name) {
        State& state = states_[name];
        const bool free = is_free_in_python(texts_[name]) && !state.outside;
        const std::uint32_t scope = bit(NameKind::scope);
        const std::uint32_t group = bit(NameKind::group);
        if ((state.kinds & ~(scope | group)) == 0) {
            // A group is a scope too, but a scope is no group.
            const bool one_kind = state.binders == 1 && (!state.group || state.binds_group);
            state.variable = free && one_kind && !state.escapes;
        } else {
            const auto& plain = program.plain_futures;
            const bool listed = std::find(plain.begin(), plain.end(), name) != plain.end();
            state.variable =
                free && !listed && (state.kinds == bit(NameKind::event) || state.kinds == bit(NameKind::future));
        }
    }
    // The stubborn futures are in an order: all of them are variables, or none is.
    const auto& stubborn = program.stubborn;
    if (!std::all_of(stubborn.begin(), stubborn.end(), [this](Name name) { return states_[name].variable; }))
        for (const Name name : stubborn) states_[name].variable = false;
    std::vector<bool> done(states_.size());
    for (const Name name : program.stubborn) {
        done[name] = states_[name].variable;
        if (done[name]) made_.push_back({name, true, true});
        needs_object_ |= !done[name];
    }
    needs_object_ |= !program.plain_futures.empty() || !program.object_list().empty();
    for (std::uint32_t at = 0; at < program.statements.size(); ++at) {
        for_each_name(program, at, [&](NameKind kind, NameRole role, Name name) {
            const bool is_future = kind == NameKind::future;
            if (is_quoted(kind) || role == NameRole::spawns) return;
            if (!states_[name].variable) needs_object_ = true;
            if (!states_[name].variable || done[name] || (!is_future && kind != NameKind::event)) return;
            made_.push_back({name, is_future, false});
            done[name] = true;
        });
    }
}

std::string python_attribute(std::string_view table, std::string_view name) {
    std::string text(kNamesObject);
    if (!table.empty()) text += fmt::format(".{}", table);
    const bool dot = is_python_attribute(name, table.empty());
    return text + (dot ? fmt::format(".{}", name) : fmt::format("[{}]", python_quoted(name)));
}

std::string PythonNames::bound(NameKind kind, Name name) const {
    return states_[name].variable ? texts_[name] : python_attribute(python_table(kind), texts_[name]);
}

std::string PythonNames::spelled(NameKind kind, Name name) const {
    if (is_quoted(kind)) return python_quoted(texts_[name]);
    return bound(kind, name) + (kind == NameKind::scope && states_[name].group ? ".cancel_scope" : "");
}

bool PythonNames::names_function(Name task) const {
    const std::string& text = texts_[task];
    return text == "main" || is_free_in_python(text);
}

std::string PythonNames::function(std::uint32_t spawn, Name task) const {
    return names_function(task) ? texts_[task] : fmt::format("task_{}", spawn);
}

}  // namespace cancelsim::scenarios
