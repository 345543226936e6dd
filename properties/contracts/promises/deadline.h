// deadline: a scope times out when it should.
#pragma once

#include <vector>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"

namespace cancelsim::properties {

/// Timers that are due when an iteration begins to run its handles run in it, in whatever order: so when the next one
/// begins, each scope whose deadline is past is cancelled. There is no slack to allow.
class Deadline final : public Contract {
public:
    Deadline()
        : Contract(
              "deadline",
              "a scope that is active at its deadline is cancelled in the first iteration at or after it, and by its "
              "deadline never earlier") {}

    void start() {
        scopes_.clear();
        scope_ = nullptr;
    }

    void on(const events::AlarmRang&) { look(); }
    void on(const events::DeadlineReached& event) {
        const model::CancelScope& reached = scope(event.scope);
        if (!reached.cancel_called && run().now() < reached.deadline) break_at(reached, "too early");
    }
    void on(const events::ScopeEntered& event) { watch(scope(event.scope)); }
    void on(const events::DeadlineChanged& event) { watch(scope(event.scope)); }

    void end() {
        // A timer that is set keeps a run from ending.
        if (sim::cut_short(run().verdict())) return;
        for (const model::CancelScope* scope : scopes_) {
            if (!is_pending(*scope)) continue;
            return break_at(*scope, scope->deadline <= run().now() ? "too late" : "no timer");
        }
    }

    std::string what_happened() const override {
        std::string text = scope_words(run(), *scope_) + " has its deadline at time " + std::to_string(deadline_);
        text[0] = text[0] == 's' ? 'S' : 'A';
        if (place() == "too early")
            return text + ", but its timeout cancelled it " + moment_words(broken_at_time(), broken_at_iteration()) +
                   ".";
        if (place() == "no timer")
            return text + ", but the run came to rest at time " + std::to_string(broken_at_time()) +
                   " with the scope still active: nothing was left that could wake the loop for it.";
        return text + ", and was still active and not cancelled " +
               moment_words(broken_at_time(), broken_at_iteration()) + ".";
    }

private:
    void watch(const model::CancelScope& scope) {
        if (!is_pending(scope)) return;
        scopes_.push_back(&scope);
        alarm_at(scope.deadline);
    }
    static bool is_pending(const model::CancelScope& scope) {
        return scope.active && !scope.cancel_called && scope.deadline != sim::kInfinity;
    }

    void break_at(const model::CancelScope& scope, std::string_view place) {
        scope_ = &scope;
        deadline_ = scope.deadline;
        fail(place);
    }

    /// Finds a scope that should have been cancelled, and forgets those for which nothing is due any more.
    void look() {
        std::size_t kept = 0;
        for (const model::CancelScope* scope : scopes_) {
            if (!is_pending(*scope)) continue;
            if (scope->deadline <= run().now()) return break_at(*scope, "too late");
            scopes_[kept++] = scope;
            alarm_at(scope->deadline);
        }
        scopes_.resize(kept);
    }

    std::vector<const model::CancelScope*> scopes_;  ///< that have had a deadline; one may be in it more than once
    const model::CancelScope* scope_ = nullptr;
    sim::Time deadline_ = 0;  ///< its, when it broke
};

}  // namespace cancelsim::properties
