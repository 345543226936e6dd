// The tasks of a group, whatever the group itself knows of them.
#pragma once

#include <cstdint>

#include "model/task_group.h"
#include "properties/world/by_id.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// Remembers how many tasks there were when a group was entered: its own came later.
class GroupTasks {
public:
    void reset() { before_.clear(); }

    void entered(const scenarios::Interpreter& run, const model::TaskGroup& group) {
        before_[group.cancel_scope->id] = static_cast<std::uint32_t>(run.tasks().size());
    }

    /// Calls `visit(task)` for every task that was spawned in `group`, done or not, in the order in which they were,
    /// until a visit returns false.
    template <class Visit>
    void for_each(const scenarios::Interpreter& run, const model::TaskGroup& group, Visit visit) const {
        const std::uint32_t* before = before_.find(group.cancel_scope->id);
        for (std::size_t i = before != nullptr ? *before : 0; i < run.tasks().size(); ++i) {
            const auto& task = static_cast<const model::Task&>(*run.tasks()[i]);
            if (task.group == &group && !visit(task)) return;
        }
    }

private:
    ById<std::uint32_t> before_;  ///< by the group's scope
};

}  // namespace cancelsim::properties
