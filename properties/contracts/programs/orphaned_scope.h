// orphaned-scope: nobody is cancelled by a scope that nobody can leave any more.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// A scope is orphaned when its exit has failed, or when the task that entered it has ended: no frame is left in which
/// it could be left. Once cancelled, it cancels what is in it at every await, for ever. Of a user's own program that is
/// known of single frames: a scope is orphaned too when the frame that entered it had ended, and nobody leaves it
/// later.
class OrphanedScope final : public Contract {
public:
    struct Places {
        static constexpr Place kTheFrameThatEnteredItHasEnded{"the frame that entered it has ended"};
        static constexpr Place kItsExitHasFailed{"its exit has failed"};
        static constexpr Place kItsTaskHasEnded{"its task has ended"};
    };

    OrphanedScope()
        : Contract(
              "orphaned-scope",
              "no live task is cancelled by a scope whose exit has failed, or whose task or entering frame has ended, "
              "so that nobody will leave it") {}

    static constexpr About kAbout = About::program;

    void start() {
        scopes_.clear();
        suspects_.clear();
        scope_ = kNoScope;
        task_ = kNobody;
    }

    void on(const events::GroupExitBegan& event) {
        // It fails in the end, once the tasks of the group are done.
        const ScopeId of_group = world().group(event.group).scope;
        if (world().scope(of_group).host != event.task) exit_fails(of_group, event.task);
    }
    void on(const events::ScopeEntered& event) { scopes_[event.scope] = {event.task, info().statement_of(event.task)}; }
    void on(const events::ScopeLeft& event) { scopes_[event.scope] = {}; }
    void on(const events::EntererEnded& event) { scopes_[event.scope].frame_ended = true; }
    void on(const events::ScopeExitFailed& event) { exit_fails(event.scope, event.task); }
    void on(const events::CancelRequested& event) {
        if (event.by.kind == By::Kind::scope && event.accepted) delivered(event.by.id, event.task);
    }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        for (const Suspect& suspect : suspects_)
            if (world().scope(suspect.scope).active) return break_at(Places::kTheFrameThatEnteredItHasEnded, suspect);
    }

    std::string what_happened() const override {
        const Scope& scope = scopes_.at(scope_);
        std::string text = "A pass of " + words().scope(scope_) + " cancelled " + words().task(task_) + " in " +
                           words().statement(parked_in_) + " " + moment_words(broken_at_time(), broken_at_iteration()) +
                           ". The scope was entered by " + words().task(scope.host) + " in " +
                           words().statement(scope.entered_in);
        if (scope.failed_by != kNobody)
            text +=
                ", and " + words().task(scope.failed_by) + " cannot leave it in " + words().statement(scope.failed_in);
        if (place() == Places::kTheFrameThatEnteredItHasEnded)
            text += ", which has ended";
        else if (world().task(scope.host).done())
            text += ", and its task has ended";
        return text + ": nobody can leave it any more, and it will cancel every await in it for ever.";
    }

private:
    struct Scope {
        TaskId host = kNobody;  ///< kNobody while it is not entered
        std::uint32_t entered_in = 0;
        TaskId failed_by = kNobody;  ///< the last that could not leave it
        std::uint32_t failed_in = 0;
        bool frame_ended = false;  ///< the one that entered it
    };
    /// A pass of it has cancelled a task.
    struct Suspect {
        ScopeId scope = kNoScope;
        TaskId task = kNobody;
        Moment moment;  ///< its site is where the task was parked
    };

    void exit_fails(ScopeId scope, TaskId task) {
        Scope& failed = scopes_[scope];
        if (failed.host == kNobody) return;
        failed.failed_by = task;
        failed.failed_in = info().statement_of(task);
    }

    void delivered(ScopeId origin, TaskId task) {
        const Scope* scope = scopes_.find(origin);
        if (scope == nullptr || scope->host == kNobody || world().task(task).done()) return;
        Suspect suspect{origin, task, now()};
        suspect.moment.site = Site(info().statement_of(task));
        if (scope->failed_by != kNobody || world().task(scope->host).done())
            return break_at(scope->failed_by != kNobody ? Places::kItsExitHasFailed : Places::kItsTaskHasEnded,
                            suspect);
        if (scope->frame_ended) suspects_.push_back(suspect);
    }

    void break_at(Place place, const Suspect& suspect) {
        scope_ = suspect.scope;
        task_ = suspect.task;
        parked_in_ = suspect.moment.site.number();
        fail(place, suspect.moment);
    }

    ById<Scope> scopes_;
    std::vector<Suspect> suspects_;
    ScopeId scope_ = kNoScope;
    TaskId task_ = kNobody;
    std::uint32_t parked_in_ = 0;
};

}  // namespace cancelsim::properties
