// schedule-point: what the manual calls a checkpoint gives way.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::properties {

/// From the beginning of a statement to its end the task has to have given way. Leaving a group is `group-joins`'s.
class SchedulePoint final : public Contract {
public:
    struct Places {
        static constexpr Place kCheckpointIfCancelledInACancelledTask{"checkpoint_if_cancelled in a cancelled task"};
        static constexpr Place kACheckpoint{"a checkpoint"};
    };

    SchedulePoint()
        : Contract(
              "schedule-point",
              "an await that anyio calls a checkpoint, and that does not raise at once, gives way; in a task that is "
              "effectively cancelled none completes without giving way") {}

    void start() {
        times_parked_.clear();
        task_ = kNobody;
    }

    void on(const events::StatementBegan& event) {
        if (event.task != kNobody) times_parked_[event.task] = world().task(event.task).times_parked;
    }
    void on(const events::StatementEnded& event) {
        if (event.error == nullptr && times_parked_[event.task] == world().task(event.task).times_parked)
            completed(event.task, event.statement);
    }

    std::string what_happened() const override {
        return words().statement(statement_) + " of " + words().task(task_) + " completed " +
               moment_words(broken_at_time(), broken_at_iteration()) + " without giving way" +
               (scope_ == kNoScope ? "." : ", though the task is cancelled by " + words().scope(scope_) + ".");
    }

private:
    void completed(TaskId task, std::uint32_t statement) {
        const scenarios::Checkpoint kind = *type_of(info().program()->statements[statement].op).checkpoint;
        if (kind == scenarios::Checkpoint::none) return;
        scope_ = world().cancelling_scope_of(task);
        if (kind == scenarios::Checkpoint::if_cancelled && scope_ == kNoScope) return;
        task_ = task;
        statement_ = statement;
        fail(kind == scenarios::Checkpoint::if_cancelled ? Places::kCheckpointIfCancelledInACancelledTask
                                                         : Places::kACheckpoint);
    }

    ById<std::uint32_t> times_parked_;  ///< of each task, when its last statement began
    TaskId task_ = kNobody;
    ScopeId scope_ = kNoScope;
    std::uint32_t statement_ = 0;
};

}  // namespace cancelsim::properties
