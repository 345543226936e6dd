// schedule-point: what the manual calls a checkpoint gives way.
#pragma once

#include <array>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/effective_cancellation.h"

namespace cancelsim::properties {

/// From the beginning of a statement to its end the task has to have given way. Leaving a group is `group-joins`'s.
class SchedulePoint final : public Contract {
public:
    SchedulePoint()
        : Contract(
              "schedule-point",
              "an await that anyio calls a checkpoint, and that does not raise at once, gives way; in a task that is "
              "effectively cancelled none completes without giving way") {}

    void start() {
        awaits_.clear();
        task_ = nullptr;
    }

    void on(const events::StatementBegan& event) {
        if (event.task != sim::kNobody) awaits_[event.task] = {};
    }
    void on(const events::TaskParked& event) { awaits_[event.task].gave_way = true; }
    void on(const events::StatementEnded& event) {
        if (event.error == nullptr && !awaits_[event.task].gave_way) completed(task(event.task), event.statement);
    }

    std::string what_happened() const override {
        return statement_words(run(), statement_) + " of " + task_words(run(), *task_) + " completed " +
               moment_words(broken_at_time(), broken_at_iteration()) + " without giving way" +
               (scope_ == nullptr ? "." : ", though the task is cancelled by " + scope_words(run(), *scope_) + ".");
    }

private:
    struct Await {
        bool gave_way = false;
    };

    /// Whether anyio's manual calls it a checkpoint; CONTRACTS.md has the source of each exception.
    enum class Kind : std::uint8_t { checkpoint, only_if_cancelled, none };
    static Kind kind_of(scenarios::Op op) {
        switch (op) {
            case scenarios::Op::sleep:
            case scenarios::Op::checkpoint:
            case scenarios::Op::cancel_shielded_checkpoint:
            case scenarios::Op::event_wait: return Kind::checkpoint;
            case scenarios::Op::checkpoint_if_cancelled: return Kind::only_if_cancelled;
            default: return Kind::none;
        }
    }

    void completed(const model::Task& task, std::uint32_t statement) {
        const Kind kind = kind_of(run().program().statements[statement].op);
        if (kind == Kind::none) return;
        scope_ = cancelling_scope(task);
        if (kind == Kind::only_if_cancelled && scope_ == nullptr) return;
        task_ = &task;
        statement_ = statement;
        fail(kind == Kind::only_if_cancelled ? "checkpoint_if_cancelled in a cancelled task" : "a checkpoint");
    }

    ById<Await> awaits_;
    const model::Task* task_ = nullptr;
    const model::CancelScope* scope_ = nullptr;
    std::uint32_t statement_ = 0;
};

}  // namespace cancelsim::properties
