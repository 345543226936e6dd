// What happened so far in a run, as far as several contracts need to know it.
#pragma once

#include "properties/world/cancel_log.h"
#include "properties/world/group_tasks.h"
#include "properties/world/spawn_marks.h"

namespace cancelsim::properties {

/// Kept once for all contracts, and up to date when a contract sees an event.
class History {
public:
    /// A run was prepared: forgets the last one, and watches this one.
    void begin(scenarios::Interpreter& run) {
        run_ = &run;
        cancels_.reset();
        groups_.reset();
        spawns_.reset();
    }

    void on(const scenarios::events::ScopeCancelled& event) { cancels_.cancelled(*run_, *run_->scopes()[event.scope]); }
    void on(const scenarios::events::CancelRequested& event) {
        if (event.by.kind == sim::By::Kind::scope) cancels_.delivered_to(run_->task(event.task));
    }
    void on(const scenarios::events::GroupEntered& event) { groups_.entered(*run_, *run_->groups()[event.group]); }
    void on(const scenarios::events::TaskSpawned& event) {
        spawns_.spawned(*run_, *run_->groups()[event.group], run_->task(event.task));
    }

    const CancelLog& cancels() const { return cancels_; }
    /// Calls `visit(task)` for every task that was spawned in `group`, done or not, until a visit returns false.
    template <class Visit>
    void for_each_task_of(const model::TaskGroup& group, Visit visit) const {
        groups_.for_each(*run_, group, visit);
    }
    const SpawnMarks& spawns() const { return spawns_; }

private:
    const scenarios::Interpreter* run_ = nullptr;
    CancelLog cancels_;
    GroupTasks groups_;
    SpawnMarks spawns_;
};

}  // namespace cancelsim::properties
