// Which tasks came into being after a scope was cancelled.
#pragma once

#include <cstdint>

#include "properties/world/by_id.h"
#include "properties/world/id_set.h"
#include "scenarios/run/interpreter.h"

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
        tasks_[scope.id] = static_cast<std::uint32_t>(run.tasks().size());
    }
    /// A pass calls `cancel()` on `task`.
    void delivered_to(const sim::Task& task) { reached_.add(task.id); }

    /// Whether `task` was spawned when `scope` was cancelled already, and no pass has come to it since. Nothing in
    /// anyio starts the delivery anew for such a task: where no pass is scheduled, because the others in the scope are
    /// shielded, none comes.
    bool spawned_too_late(const model::Task& task, const model::CancelScope& scope) const {
        const std::uint32_t* tasks = tasks_.find(scope.id);
        const bool was_cancelled = tasks != nullptr && *tasks != 0;
        return was_cancelled && task.id >= *tasks && !reached_.has(task.id);
    }

private:
    ById<std::uint32_t> tasks_;  ///< by scope: 0 where it is not cancelled; `main` is there from the beginning
    IdSet reached_;
};

}  // namespace cancelsim::properties
