// How the names of a case are spelled in Python: as variables where that means the same, else as attributes of one
// object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"
#include "scenarios/program/case_names.h"

namespace cancelsim::scenarios {

/// The object that names which are no variables are attributes of.
inline constexpr std::string_view kNamesObject = "n";

/// The attribute of `n` that holds names of this kind (`tasks`); empty for scopes and groups, which are its own.
std::string_view python_table(NameKind kind);

/// The name in a table of `n`, empty for its own: `n.tasks.t0`, or `n.tasks["t-0"]` where the dot will not do.
std::string python_attribute(std::string_view table, std::string_view name);

/// Whether a name can be written after the dot of `n` (own table) or of one of its tables; else it is a subscript.
bool is_python_attribute(std::string_view name, bool of_own_table);

/// Whether a function or a variable of a program can be called so, as far as the name itself goes.
bool is_free_in_python(std::string_view name);

/// One case's. What it is made from is not needed afterwards.
///
/// A scope or group is a variable if its name is free and names nothing else in the case, one statement binds it, which
/// only runs in one call of its task's function, and each use stands in that statement or after it in its block: so it
/// is surely bound, and by what the case means. An event or a future is one if its name is free and names nothing else.
/// Neither is if the environment, which sees no variables, uses it.
class PythonNames {
public:
    explicit PythonNames(const Case& program);

    /// The name where a thing of this kind is made and gets it.
    std::string bound(NameKind kind, Name name) const;
    /// The name where it stands for a thing of this kind; `text` and errors as a string.
    std::string spelled(NameKind kind, Name name) const;
    bool is_variable(Name name) const { return states_[name].variable; }
    /// Whether something in the case binds or uses the name as a group.
    bool is_group(Name name) const { return states_[name].group; }
    /// Whether a statement uses the name as a task's, which its body then has to bind.
    bool is_used_task(Name name) const { return states_[name].used_task; }
    /// The name of the function that is the body of the task which statement `spawn` makes; `task` is that of the task.
    std::string function(std::uint32_t spawn, Name task) const;
    /// Whether a function can have the task's own name.
    bool names_function(Name task) const;
    /// The variables that `main` begins by making, in that order, and whether each is a future.
    struct Made {
        Name name;
        bool future;
        bool stubborn;
    };
    const std::vector<Made>& made() const { return made_; }
    /// Whether the case needs `n`.
    bool needs_object() const { return needs_object_; }

private:
    struct State {
        bool variable = false;
        bool group = false;
        bool used_task = false;
        bool binds_group = false;   ///< the last statement that binds it makes a group
        std::uint32_t kinds = 0;    ///< a bit a NameKind
        std::uint32_t binders = 0;  ///< statements that bind it
        std::uint32_t binder = 0;   ///< the last of these
        bool outside = false;       ///< the environment uses it
        bool escapes = false;       ///< a use may run before it is bound, or means another binding
    };
    struct Place;

    void note_uses(const Case& program);
    void note_escapes(const Case& program, const std::vector<Place>& places);
    void choose(const Case& program);

    std::vector<std::string> texts_;
    std::vector<State> states_;
    std::vector<Made> made_;
    bool needs_object_ = false;
};

}  // namespace cancelsim::scenarios
