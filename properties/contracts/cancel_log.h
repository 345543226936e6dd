// Which tasks came into being after a scope was cancelled.
#pragma once

#include <cstdint>
#include <vector>

#include "scenarios/interpreter.h"

namespace cancelsim::properties {

/// Remembers, for each cancelled scope, how many tasks there were.
class CancelLog {
public:
    void reset() { tasks_.clear(); }

    /// `scope` is cancelled for the first time.
    void cancelled(const scenarios::Interpreter& run, const model::CancelScope& scope) {
        if (scope.id >= tasks_.size()) tasks_.resize(scope.id + 1, UINT32_MAX);
        tasks_[scope.id] = static_cast<std::uint32_t>(run.tasks().size());
    }

    /// Whether `task` was spawned when `scope` was cancelled already, and has not been cancelled since. Nothing in
    /// anyio starts the delivery anew for such a task: where no pass is scheduled, because the others in the scope are
    /// shielded, none comes.
    bool spawned_too_late(const model::Task& task, const model::CancelScope& scope) const {
        return scope.id < tasks_.size() && task.id >= tasks_[scope.id] && task.num_cancels_requested == 0;
    }

private:
    std::vector<std::uint32_t> tasks_;  ///< by the scope's id
};

}  // namespace cancelsim::properties
