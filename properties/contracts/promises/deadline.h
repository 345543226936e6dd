// deadline: a scope times out when it should.
#pragma once

#include <utility>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Timers that are due when an iteration begins to run its handles run in it, in whatever order: so when the next one
/// begins, each scope whose deadline is past is cancelled. There is no slack to allow.
class Deadline final : public Contract {
public:
    struct Places {
        static constexpr Place kTooLate{"too late"};
        static constexpr Place kNoTimer{"no timer"};
        static constexpr Place kTooEarly{"too early"};
    };

    Deadline()
        : Contract(
              "deadline",
              "a scope that is active at its deadline is cancelled in the first iteration at or after it, and by its "
              "deadline never earlier") {}

    void start() {
        scopes_.clear();
        reached_at_entry_ = kNoScope;
        scope_ = kNoScope;
    }

    void on(const events::AlarmRang&) { look(); }
    void on(const events::DeadlineReached& event) {
        const World::Scope& reached = world().scope(event.scope);
        if (reached.cancelled) return;
        // Of a scope that is being entered, the event of that, which comes later, tells the deadline.
        if (!reached.active)
            reached_at_entry_ = event.scope;
        else
            look_if_early(event.scope);
    }
    void on(const events::ScopeEntered& event) {
        if (std::exchange(reached_at_entry_, kNoScope) == event.scope) look_if_early(event.scope);
        watch(event.scope);
    }
    void on(const events::DeadlineChanged& event) { watch(event.scope); }

    void end() {
        // A timer that is set keeps a run from ending.
        if (sim::cut_short(info().verdict())) return;
        for (const ScopeId id : scopes_) {
            const World::Scope& scope = world().scope(id);
            if (is_pending(scope)) return break_at(id, scope.deadline <= time() ? Places::kTooLate : Places::kNoTimer);
        }
    }

    std::string what_happened() const override {
        std::string text = words().scope(scope_) + " has its deadline at time " + std::to_string(deadline_);
        text[0] = text[0] == 's' ? 'S' : 'A';
        if (place() == Places::kTooEarly)
            return text + ", but its timeout cancelled it " + moment_words(broken_at_time(), broken_at_iteration()) +
                   ".";
        if (place() == Places::kNoTimer)
            return text + ", but the run came to rest at time " + std::to_string(broken_at_time()) +
                   " with the scope still active: nothing was left that could wake the loop for it.";
        return text + ", and was still active and not cancelled " +
               moment_words(broken_at_time(), broken_at_iteration()) + ".";
    }

private:
    void look_if_early(ScopeId scope) {
        if (time() < world().scope(scope).deadline) break_at(scope, Places::kTooEarly);
    }
    void watch(ScopeId id) {
        const World::Scope& scope = world().scope(id);
        if (!is_pending(scope)) return;
        scopes_.push_back(id);
        alarm_at(scope.deadline);
    }
    static bool is_pending(const World::Scope& scope) {
        return scope.active && !scope.cancelled && scope.deadline != sim::kInfinity;
    }

    void break_at(ScopeId scope, Place place) {
        scope_ = scope;
        deadline_ = world().scope(scope).deadline;
        fail(place);
    }

    /// Finds a scope that should have been cancelled, and forgets those for which nothing is due any more.
    void look() {
        std::size_t kept = 0;
        for (const ScopeId id : scopes_) {
            const World::Scope& scope = world().scope(id);
            if (!is_pending(scope)) continue;
            if (scope.deadline <= time()) return break_at(id, Places::kTooLate);
            scopes_[kept++] = id;
            alarm_at(scope.deadline);
        }
        scopes_.resize(kept);
    }

    std::vector<ScopeId> scopes_;          ///< that have had a deadline; one may be in it more than once
    ScopeId reached_at_entry_ = kNoScope;  ///< the scope that is being entered, where its deadline has passed
    ScopeId scope_ = kNoScope;
    sim::Time deadline_ = 0;  ///< its, when it broke
};

}  // namespace cancelsim::properties
