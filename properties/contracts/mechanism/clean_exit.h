// clean-exit: a scope that was left is over.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/history.h"

namespace cancelsim::properties {

class CleanExit final : public Contract {
public:
    CleanExit()
        : Contract("clean-exit",
                   "two iterations after a scope was left it holds no task, no timer and no scheduled pass, and no "
                   "other scope "
                   "holds it") {}

    using Dormant = sim::EventList<events::IterationBegan, events::PassEnded>;
    static constexpr bool kPresupposesBlocks = true;

    void start() {
        waiting_.clear();
        next_ = 0;
        scope_ = nullptr;
        task_ = nullptr;
    }

    void on(const events::IterationBegan&) {
        while (next_ < waiting_.size() && run().iteration() - waiting_[next_].iteration >= kBound)
            if (!look_at(*waiting_[next_++].scope)) return;
        if (next_ == waiting_.size()) ignore<events::IterationBegan>();
    }
    void on(const events::ScopeLeft& event) {
        waiting_.push_back({&scope(event.scope), run().iteration()});
        listen(Dormant{});
    }
    void on(const events::PassEnded& event) {
        const model::CancelScope& origin = scope(event.scope);
        if (!event.rearmed || origin.active) return;
        const std::uint64_t left = iteration_left(origin);
        if (left == 0 || run().iteration() == left) return;
        if (look_at(origin)) {  // scheduled, but by a loop that the scope does not remember
            scope_ = &origin;
            fail("pass");
        }
    }

    void end() {
        // Where nothing is left to do, nothing is left to wait for.
        const bool at_rest = run().verdict() == sim::Verdict::quiescent;
        for (; next_ < waiting_.size(); ++next_) {
            if (!at_rest && run().iteration() - waiting_[next_].iteration < kBound) return;
            if (!look_at(*waiting_[next_].scope)) return;
        }
    }

    std::string what_happened() const override {
        std::string text =
            scope_words(run(), *scope_) + " was left in iteration " + std::to_string(iteration_left(*scope_)) + ". ";
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
    /// A pass that was scheduled before the scope was left still runs, once: it finds nobody and does not re-arm. (A
    /// pass that somebody runs later, by dropping the shield of a scope that was left too, is nothing to hold against
    /// the scope.)
    static constexpr std::uint64_t kBound = 2;

    struct Left {
        const model::CancelScope* scope;
        std::uint64_t iteration;
    };

    /// 0 where it was not left.
    std::uint64_t iteration_left(const model::CancelScope& scope) const {
        for (std::size_t i = waiting_.size(); i-- > 0;)
            if (waiting_[i].scope == &scope) return waiting_[i].iteration;
        return 0;
    }

    /// A task in `scope`, or in a scope inside it; null if there is none.
    static const model::Task* first_task(const model::CancelScope& scope) {
        if (scope.tasks.first() != nullptr) return scope.tasks.first();
        for (const model::CancelScope* child = scope.child_scopes.first(); child != nullptr;
             child = decltype(scope.child_scopes)::next(*child))
            if (const model::Task* task = first_task(*child)) return task;
        return nullptr;
    }

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

    /// Returns whether nothing is wrong with it.
    bool look_at(const model::CancelScope& scope) {
        const char* place = nullptr;
        if (const model::Task* task = first_task(scope)) {
            task_ = task;
            // A task whose done callback has run has no state any more.
            place = history().spawns().left_behind(*task) ? "task spawned as its group was left"
                    : is_below_left_child(*task, scope)   ? "child that its start left behind"
                    : task->has_state                     ? "live task"
                                                          : "done task";
        } else if (scope.timeout_handle.state != sim::TimerState::idle) {
            place = "timer";
        } else if (scope.cancel_handle) {
            place = "pass";
        } else if (scope.in_parent.owner != nullptr) {
            place = "child scope";
        } else {
            return true;
        }
        scope_ = &scope;
        fail(place);
        return false;
    }

    std::vector<Left> waiting_;  ///< all that were left, in that order
    std::size_t next_ = 0;       ///< the first of them that is still to be looked at
    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
};

}  // namespace cancelsim::properties
