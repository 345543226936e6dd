// Which tasks came into being after a scope was cancelled.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/interpreter.h"

namespace cancelsim::properties {

/// Remembers, for each cancelled scope, how many tasks there were, and for each task whether a pass has come to it.
class CancelLog {
public:
    void reset() {
        tasks_.clear();
        reached_.clear();
    }

    /// `scope` is cancelled for the first time.
    void cancelled(const scenarios::Interpreter& run, const model::CancelScope& scope) {
        if (scope.id >= tasks_.size()) tasks_.resize(scope.id + 1, UINT32_MAX);
        tasks_[scope.id] = static_cast<std::uint32_t>(run.tasks().size());
    }
    /// A pass calls `cancel()` on `task`.
    void delivered_to(const sim::Task& task) {
        if (task.id >= reached_.size()) reached_.resize(task.id + 1);
        reached_[task.id] = 1;
    }

    /// Whether `task` was spawned when `scope` was cancelled already, and no pass has come to it since. Nothing in
    /// anyio starts the delivery anew for such a task: where no pass is scheduled, because the others in the scope are
    /// shielded, none comes.
    bool spawned_too_late(const model::Task& task, const model::CancelScope& scope) const {
        const bool was_reached = task.id < reached_.size() && reached_[task.id] != 0;
        return scope.id < tasks_.size() && task.id >= tasks_[scope.id] && !was_reached;
    }

private:
    std::vector<std::uint32_t> tasks_;   ///< by the scope's id
    std::vector<std::uint8_t> reached_;  ///< by the task's id
};

}  // namespace cancelsim::properties
