// no-lost-wakeup: who waits at the end waits in vain, but not by mistake.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/history.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

/// Judged when a run has come to rest, which a spinning one has too: then only passes are scheduled. That the budget
/// ended it says nothing. Cancelled tasks are judged only where scopes are blocks: what misuse leaves behind is out of
/// reach of any pass.
class NoLostWakeup final : public Contract {
public:
    NoLostWakeup()
        : Contract("no-lost-wakeup",
                   "where a run has come to rest, each task that is not done waits for something that never happened, "
                   "and is "
                   "not cancelled") {}

    void start() {
        started_by_.clear();
        task_ = nullptr;
    }

    void on(const events::StartCalled& event) { started_by_[event.caller] = &task(event.task); }

    void end() {
        if (sim::cut_short(run().verdict())) return;
        for (const sim::Task* each : run().tasks()) {
            const auto& task = static_cast<const model::Task&>(*each);
            if (task.done()) continue;
            if (!waits_in_vain(task)) {
                task_ = &task;
                return fail(waiting_place(run(), task));
            }
            if (cancelling_scope(task) != nullptr && can_be_cancelled(task) &&
                !scenarios::has_misuse(run().program())) {
                task_ = &task;
                return fail(history().spawns().left_behind(task)          ? "cancelled, spawned as its group was left"
                            : history().spawns().in_cancelled_group(task) ? "cancelled, spawned in a cancelled group"
                                                                          : "cancelled");
            }
        }
    }

    std::string what_happened() const override {
        std::string text = "At the end of the run, " + moment_words(broken_at_time(), broken_at_iteration()) +
                           ", with nothing left to do, " + task_words(run(), *task_) + " ";
        if (!task_->started) return text + "had not begun to run.";
        text += "still waited in " + statement_words(run(), *task_) + ", ";
        if (place().starts_with("cancelled"))
            return text + "though it is cancelled by " + scope_words(run(), *cancelling_scope(*task_)) + ".";
        return text + "though what it waited for has happened.";
    }

private:
    static bool can_be_cancelled(const model::Task& task) {
        return !task.fut_waiter->stubborn && !task.fut_waiter->is_task;
    }

    /// Whether what `task` waits for has not happened.
    bool waits_in_vain(const model::Task& task) const {
        if (!task.started || task.fut_waiter == nullptr || task.fut_waiter->done()) return false;
        const std::uint32_t index = run().statement_of(task);
        if (index == scenarios::Interpreter::kNoStatement) return true;
        const scenarios::Statement& statement = run().program().statements[index];
        switch (statement.op) {
            case scenarios::Op::sleep: return false;  // its time always comes
            case scenarios::Op::event_wait: return !run().binding(statement.name).event->is_set;
            case scenarios::Op::group: return waits_for_live_tasks(task);
            case scenarios::Op::start: return waits_for_live_child(task);
            default: return true;
        }
    }

    bool waits_for_live_tasks(const model::Task& host) const {
        bool is_waited_for = false;
        for (const sim::Task* each : run().tasks()) {
            const auto& task = static_cast<const model::Task&>(*each);
            if (task.group == nullptr || task.group->on_completed_fut != host.fut_waiter) continue;
            if (!task.done()) return true;
            is_waited_for = true;
        }
        return !is_waited_for;
    }

    bool waits_for_live_child(const model::Task& host) const {
        const model::Task& child = **started_by_.find(host.id);
        return !child.done();
    }

    ById<const model::Task*> started_by_;  ///< by the caller of `start`: the child of its newest one
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
