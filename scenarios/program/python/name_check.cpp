#include "scenarios/program/python/name_check.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "scenarios/program/python/python_names.h"
#include "scenarios/program/python/python_tokens.h"

namespace cancelsim::scenarios {

namespace {

void check_task(const NameInPython& use, std::span<const TaskInPython> tasks, std::string_view file_name) {
    for (const TaskInPython& task : tasks) {
        if (task.name != use.name || task.binds_itself) continue;
        fail_python(file_name, task.line,
                    fmt::format("line {} uses the task `{}`, so its body must begin with `{} = asyncio.current_task()`",
                                use.line, use.name, python_attribute(python_table(NameKind::task), use.name)));
    }
}

}  // namespace

void check_python_names(const Case& program, std::span<const NameInPython> uses, std::span<const TaskInPython> tasks,
                        std::string_view file_name) {
    const PythonNames names(program);
    std::map<std::string_view, Name> numbers;
    for (Name name = 0; name < program.names.size(); ++name) numbers.emplace(program.names[name], name);
    std::set<std::string_view> variables;
    for (const NameInPython& use : uses)
        if (use.is_variable) variables.insert(use.name);
    for (const NameInPython& use : uses) {
        const Name name = numbers.at(use.name);
        const std::string better = python_attribute(python_table(use.kind), use.name);
        if (use.is_variable && !names.is_variable(name))
            fail_python(
                file_name, use.line,
                fmt::format("`{}` may be unbound, or something else, where it is used: `{}` may be", use.name, better));
        if (!use.is_variable && variables.contains(use.name))
            fail_python(file_name, use.line,
                        fmt::format("`{}` is a variable elsewhere: it is either that or `{}`", use.name, better));
        const bool as_scope = use.kind == NameKind::scope && use.role != NameRole::binds;
        if (as_scope && names.is_group(name) != use.as_cancel_scope)
            fail_python(file_name, use.line,
                        use.as_cancel_scope
                            ? fmt::format("`{}` is no group, and has no `cancel_scope`", use.name)
                            : fmt::format("`{0}` is a group: its scope is `{0}.cancel_scope`", use.name));
        if (use.kind == NameKind::task) check_task(use, tasks, file_name);
    }
}

}  // namespace cancelsim::scenarios
