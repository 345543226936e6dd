// clean-exit: a scope that was left is over.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/history.h"

namespace cancelsim::properties {

class CleanExit final : public Contract {
public:
    CleanExit()
        : Contract("clean-exit",
                   "two iterations after a scope was left it holds no task, no timer and no scheduled pass, and no "
                   "other scope "
                   "holds it") {}

    static constexpr bool kPresupposesBlocks = true;

    void start() {
        left_in_.clear();
        scope_ = nullptr;
        task_ = nullptr;
    }

    void on(const events::ScopeLeft& event) { left_in_[event.scope] = run().iteration(); }
    void on(const events::ScopeAudited& event) {
        if (event.task != sim::kNobody) {
            task_ = &task(event.task);
            scope_ = &scope(event.scope);
            // A task whose done callback has run has no state any more.
            fail(history().spawns().left_behind(*task_) ? "task spawned as its group was left"
                 : is_below_left_child(*task_, *scope_) ? "child that its start left behind"
                 : task_->has_state                     ? "live task"
                                                        : "done task");
        } else if (event.timer || event.pass || event.held) {
            scope_ = &scope(event.scope);
            fail(event.timer ? "timer" : event.pass ? "pass" : "child scope");
        }
    }

    std::string what_happened() const override {
        std::string text =
            scope_words(run(), *scope_) + " was left in iteration " + std::to_string(left_in_.at(scope_->id)) + ". ";
        text[0] = text[0] == 's' ? 'S' : text[0] == 't' ? 'T' : 'A';
        text += "By the one that began " + moment_words(broken_at_time(), broken_at_iteration()) + ", it still ";
        if (task_ != nullptr)
            return text + "held " + task_words(run(), *task_) + (place() == "done task" ? ", which is done." : ".");
        if (place() == "timer") return text + "had its deadline's timer set.";
        if (place() == "child scope")
            return text + "was among the child scopes of " + scope_words(run(), *scope_->parent_scope) + ".";
        return text + "had a delivery pass scheduled.";
    }

private:
    /// Whether the `start` that waited for `task` was cancelled, and the task lived on.
    static bool left_by_start(const model::Task& task) {
        return task.has_state && task.task_status_future != nullptr && task.task_status_future->cancelled();
    }

    /// Whether such a child is why `task` is in `scope`.
    static bool is_below_left_child(const model::Task& task, const model::CancelScope& scope) {
        if (left_by_start(task)) return true;
        for (const model::CancelScope* at = innermost_scope(task); at != nullptr && at != &scope; at = at->parent_scope)
            if (at->host_task != nullptr && left_by_start(*at->host_task)) return true;
        return false;
    }

    ById<std::uint64_t> left_in_;  ///< by scope: the iteration in which it was left
    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
