// What happened so far in a run, as far as several contracts need to know it.
#pragma once

#include "properties/world/cancel_log.h"
#include "properties/world/group_tasks.h"
#include "properties/world/spawn_marks.h"

namespace cancelsim::properties {

/// Kept once for all contracts, and up to date when a contract sees an event.
class History {
public:
    static constexpr sim::EventMask kHears = sim::mask_of(scenarios::events::cancel, scenarios::events::delivered_to,
                                                          scenarios::events::group_entered, scenarios::events::spawned);

    /// A run was prepared: forgets the last one, and watches this one.
    void begin(scenarios::Interpreter& run) {
        run_ = &run;
        cancels_.reset();
        groups_.reset();
        spawns_.reset();
    }

    [[gnu::always_inline]] void on(const sim::TraceEvent& event) {
        switch (event.kind) {
            case scenarios::events::cancel:
                cancels_.cancelled(*run_, *static_cast<const model::CancelScope*>(event.subject));
                break;
            case scenarios::events::delivered_to: cancels_.delivered_to(*event.task); break;
            case scenarios::events::group_entered:
                groups_.entered(*run_, *static_cast<const model::TaskGroup*>(event.subject));
                break;
            default:
                spawns_.spawned(*run_, *static_cast<const model::TaskGroup*>(event.subject),
                                *static_cast<const model::Task*>(event.task));
                break;
        }
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
