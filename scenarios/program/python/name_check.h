// Whether Python understands the names of a program as the case does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/program/case.h"
#include "scenarios/program/case_names.h"

namespace cancelsim::scenarios {

/// A name where a program uses or binds it.
struct NameInPython {
    std::string name;
    NameKind kind;
    NameRole role;
    bool is_variable;
    bool as_cancel_scope;  ///< `.cancel_scope` follows
    std::uint32_t line;
};

/// The body of a task.
struct TaskInPython {
    std::string name;
    bool binds_itself;  ///< by its first line
    std::uint32_t line;
};

/// `program` is what was read of a Python program with these names and tasks. Throws CaseError where a variable may be
/// unbound or mean something else, where a group is taken for a scope, and where a task that is used has not bound its
/// name.
void check_python_names(const Case& program, std::span<const NameInPython> names, std::span<const TaskInPython> tasks,
                        std::string_view file_name);

}  // namespace cancelsim::scenarios
