// orphaned-scope: nobody is cancelled by a scope that nobody can leave any more.
#pragma once

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// A scope is orphaned when its exit has failed, or when the task that entered it has ended: no frame is left in which
/// it could be left. Once cancelled, it cancels what is in it at every await, for ever.
class OrphanedScope final : public Contract {
public:
    OrphanedScope()
        : Contract(
              "orphaned-scope",
              "no live task is cancelled by a scope whose exit has failed, or whose task has ended, so that nobody "
              "will leave it") {}

    static constexpr About kAbout = About::program;

    void start() {
        scopes_.clear();
        scope_ = nullptr;
        task_ = nullptr;
    }

    void on(const events::GroupExitBegan& event) {
        // It fails in the end, once the tasks of the group are done.
        const model::CancelScope& of_group = *group(event.group).cancel_scope;
        if (of_group.host_task != &task(event.task)) exit_fails(of_group, task(event.task));
    }
    void on(const events::ScopeEntered& event) {
        scopes_[event.scope] = {&task(event.task), run().statement_of(task(event.task))};
    }
    void on(const events::ScopeLeft& event) { scopes_[event.scope] = {}; }
    void on(const events::ScopeExitFailed& event) { exit_fails(scope(event.scope), task(event.task)); }
    void on(const events::CancelRequested& event) {
        if (event.by.kind == sim::By::Kind::scope && event.accepted) delivered(scope(event.by.id), task(event.task));
    }

    std::string what_happened() const override {
        const Scope& scope = *scopes_.find(scope_->id);
        std::string text = "A pass of " + scope_words(run(), *scope_) + " cancelled " + task_words(run(), *task_) +
                           " in " + statement_words(run(), parked_in_) + " " +
                           moment_words(broken_at_time(), broken_at_iteration()) + ". The scope was entered by " +
                           task_words(run(), *scope.host) + " in " + statement_words(run(), scope.entered_in);
        if (scope.failed_by != nullptr)
            text += ", and " + task_words(run(), *scope.failed_by) + " cannot leave it in " +
                    statement_words(run(), scope.failed_in);
        if (scope.host->done()) text += ", and its task has ended";
        return text + ": nobody can leave it any more, and it will cancel every await in it for ever.";
    }

private:
    struct Scope {
        const model::Task* host = nullptr;  ///< null while it is not entered
        std::uint32_t entered_in = 0;
        const model::Task* failed_by = nullptr;  ///< the last that could not leave it
        std::uint32_t failed_in = 0;
    };

    void exit_fails(const model::CancelScope& scope, const model::Task& task) {
        Scope& failed = scopes_[scope.id];
        if (failed.host == nullptr) return;
        failed.failed_by = &task;
        failed.failed_in = run().statement_of(task);
    }

    void delivered(const model::CancelScope& origin, const model::Task& task) {
        const Scope* scope = scopes_.find(origin.id);
        if (scope == nullptr || scope->host == nullptr || task.done()) return;
        if (scope->failed_by == nullptr && !scope->host->done()) return;
        scope_ = &origin;
        task_ = &task;
        parked_in_ = run().statement_of(task);
        Moment moment = now();
        moment.site = parked_in_;
        fail(scope->failed_by != nullptr ? "its exit has failed" : "its task has ended", moment);
    }

    ById<Scope> scopes_;
    const model::CancelScope* scope_ = nullptr;
    const model::Task* task_ = nullptr;
    std::uint32_t parked_in_ = 0;
};

}  // namespace cancelsim::properties
