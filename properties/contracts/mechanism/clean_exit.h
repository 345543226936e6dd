// clean-exit: a scope that was left is over.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

class CleanExit final : public Contract {
public:
    struct Places {
        static constexpr Place kTaskSpawnedAsItsGroupWasLeft{"task spawned as its group was left"};
        static constexpr Place kChildThatItsStartLeftBehind{"child that its start left behind"};
        static constexpr Place kLiveTask{"live task"};
        static constexpr Place kDoneTask{"done task"};
        static constexpr Place kTimer{"timer"};
        static constexpr Place kPass{"pass"};
        static constexpr Place kChildScope{"child scope"};
    };

    CleanExit()
        : Contract("clean-exit",
                   "two iterations after a scope was left it holds no task, no timer and no scheduled pass, and no "
                   "other scope "
                   "holds it") {}

    static constexpr bool kPresupposesBlocks = true;

    void start() {
        left_in_.clear();
        scope_ = kNoScope;
        task_ = kNobody;
    }

    void on(const events::ScopeLeft& event) { left_in_[event.scope] = iteration(); }
    void on(const events::ScopeAudited& event) {
        if (event.task != kNobody) {
            task_ = event.task;
            scope_ = event.scope;
            fail(world().left_behind(task_)           ? Places::kTaskSpawnedAsItsGroupWasLeft
                 : is_below_left_child(task_, scope_) ? Places::kChildThatItsStartLeftBehind
                 : !world().task(task_).reported      ? Places::kLiveTask
                                                      : Places::kDoneTask);
        } else if (event.timer || event.pass || event.held) {
            scope_ = event.scope;
            fail(event.timer ? Places::kTimer : event.pass ? Places::kPass : Places::kChildScope);
        }
    }

    std::string what_happened() const override {
        std::string text =
            words().scope(scope_) + " was left in iteration " + std::to_string(left_in_.at(scope_)) + ". ";
        text[0] = text[0] == 's' ? 'S' : text[0] == 't' ? 'T' : 'A';
        text += "By the one that began " + moment_words(broken_at_time(), broken_at_iteration()) + ", it still ";
        if (task_ != kNobody)
            return text + "held " + words().task(task_) + (place() == Places::kDoneTask ? ", which is done." : ".");
        if (place() == Places::kTimer) return text + "had its deadline's timer set.";
        if (place() == Places::kChildScope)
            return text + "was among the child scopes of " + words().scope(world().scope(scope_).parent) + ".";
        return text + "had a delivery pass scheduled.";
    }

private:
    /// Whether the `start` that waited for `task` was cancelled, and the task lived on.
    bool left_by_start(TaskId task) const {
        return !world().task(task).reported && world().task(task).handshake == World::Handshake::abandoned;
    }

    /// Whether such a child is why `task` is in `scope`.
    bool is_below_left_child(TaskId task, ScopeId scope) const {
        if (left_by_start(task)) return true;
        for (ScopeId at = world().task(task).innermost; at != kNoScope && at != scope; at = world().scope(at).parent)
            if (world().scope(at).active && left_by_start(world().scope(at).host)) return true;
        return false;
    }

    ById<std::uint64_t> left_in_;  ///< by scope: the iteration in which it was left
    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
