// What becomes of a case's names in Python: who binds and who uses each, and which variable it is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"
#include "scenarios/program/case_names.h"

namespace cancelsim::properties::python {

/// A function of the exported program: a task's body, or what the outside world does at one moment.
struct Function {
    std::string name = {};
    std::uint32_t begin = 0;  ///< its statements: [begin, end)
    std::uint32_t end = 0;
    scenarios::Name task = scenarios::kNoName;  ///< of a body: the task; kNoName also where nothing names `main`
    bool is_main = false;
    bool outside = false;       ///< it is of the environment
    bool runs_often = false;    ///< it may run more than once
    bool takes_status = false;  ///< its task has a task status, or looks for one
};

/// Whether a reference finds something.
enum class Reference : std::uint8_t { never, perhaps, surely };

/// Variables are numbered: `variable_of` a kind and a name. A scope's name that is also a group's has two, where scopes
/// are bound to it too: else the scope is an attribute of the group.
class Bindings {
public:
    /// `reserved`: text whose identifiers the program's must not be.
    Bindings(const scenarios::Case& program, std::string_view reserved);

    const std::vector<Function>& functions() const { return functions_; }
    /// The function whose body begins after statement `spawn`.
    const Function& spawned_by(std::uint32_t spawn) const { return functions_[body_of_.at(spawn)]; }
    /// Whether what the statement refers to is bound when it runs.
    Reference reference(std::uint32_t statement) const { return references_.at(statement); }

    /// What the variable for a thing of that kind is called.
    const std::string& name(scenarios::NameKind kind, scenarios::Name name) const { return names_.at({kind, name}); }
    /// The text that stands for a scope: a variable, or `group.cancel_scope`.
    std::string scope_text(scenarios::Name name) const;
    /// Whether both scopes and groups are bound to the name.
    bool is_both(scenarios::Name name) const { return scopes_.contains(name) && groups_.contains(name); }
    /// The variable that a reference to a scope reads: the group's where only groups have that name.
    scenarios::NameKind scope_kind(scenarios::Name name) const;

    using Variable = std::pair<scenarios::NameKind, scenarios::Name>;
    bool is_used(scenarios::NameKind kind, scenarios::Name name) const { return uses_.contains({kind, name}); }
    /// Whether more than one function needs the variable.
    bool is_global(const Variable& variable) const;
    /// The global variables that are None until they are bound.
    std::vector<std::string> globals_to_begin_with() const;
    /// The global variables that `function` assigns, in order of their names.
    std::vector<std::string> globals_assigned_in(const Function& function) const;
    /// The events and futures in use: `main` makes them.
    const std::vector<Variable>& made_by_main() const { return made_by_main_; }

private:
    using Bound = std::set<Variable>;

    void find_functions();
    void name_everything(std::string_view reserved);
    std::string unique(std::string_view wanted);
    Bound walk_function(std::uint32_t function, Bound bound);
    void walk(std::uint32_t begin, std::uint32_t end, Bound& bound, std::uint32_t function);
    void walk_try(std::uint32_t index, Bound& bound, std::uint32_t function);
    void walk_leaf(std::uint32_t index, Bound& bound, std::uint32_t function);
    void bind(const Variable& variable, Bound& bound, std::uint32_t function);
    void refer(std::uint32_t statement, const Variable& variable, const Bound& bound, std::uint32_t function);
    void may_give_way(const Bound& bound, std::uint32_t function);

    const scenarios::Case& program_;
    std::vector<Function> functions_;  ///< `main`, its tasks in the order of their statements, the environment
    std::map<std::uint32_t, std::uint32_t> body_of_;
    std::set<scenarios::Name> scopes_, groups_;  ///< names to which scopes, or groups, are bound
    std::map<Variable, std::string> names_;
    std::set<std::string, std::less<>> taken_;
    std::map<std::uint32_t, Reference> references_;
    std::map<Variable, std::set<std::uint32_t>> uses_;      ///< functions that bind or use it
    std::map<Variable, std::set<std::uint32_t>> assigned_;  ///< functions that bind it
    std::set<Variable> doubtful_;                           ///< some reference may find nothing
    std::vector<Variable> made_by_main_;
    bool main_gave_way_ = false;
    Bound at_first_await_;
};

}  // namespace cancelsim::properties::python
