// single-flight: one delivery loop a scope.
#pragma once

#include <utility>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/contracts/reach.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

/// A pass that re-armed in one iteration runs in the next. So a scope has two passes scheduled exactly if it re-arms
/// twice in one iteration. But where somebody outside cancels it between two iterations, the pass that this schedules
/// runs in the iteration that begins.
class SingleFlight final : public Contract {
public:
    struct Places {
        static constexpr Place kPastDeadline{"past deadline"};
        static constexpr Place kSecondDeliveryLoop{"second delivery loop"};
    };

    SingleFlight() : Contract("single-flight", "a scope never has two passes scheduled") {}

    void start() {
        iteration_ = 0;
        rearmed_.clear();
        scope_ = kNoScope;
    }

    void on(const events::PassEnded& event) {
        if (event.rearmed) rearmed(event);
    }

    std::string what_happened() const override {
        std::string text = "Twice " + moment_words(broken_at_time(), broken_at_iteration()) + ", a pass of " +
                           words().scope(scope_) + " scheduled another: ";
        if (place() == Places::kPastDeadline)
            text += "its deadline, " + std::to_string(world().scope(scope_).deadline) +
                    ", had passed when it was entered, so that entering it cancelled it, and then cancelled it again "
                    "as one "
                    "that was cancelled before. ";
        else
            text += "the first one had not run yet. ";
        return text + "From here on two delivery loops run for one scope, each doing the work of one.";
    }

private:
    void rearmed(const events::PassEnded& pass) {
        if (iteration_ != iteration()) {
            std::swap(rearmed_, rearmed_before_);
            if (iteration_ + 1 != iteration()) rearmed_before_.clear();
            iteration_ = iteration();
            rearmed_.clear();
            while_entering_.clear();
        }
        if (rearmed_.has(pass.scope)) {
            const bool is_the_first_ones = pass.cause == model::PassCause::retry && !rearmed_before_.has(pass.scope);
            if (is_the_first_ones) return;
            scope_ = pass.scope;
            return fail(while_entering_.has(pass.scope) ? Places::kPastDeadline : Places::kSecondDeliveryLoop);
        }
        rearmed_.add(pass.scope);
        if (is_being_entered(world(), pass)) while_entering_.add(pass.scope);
    }

    std::uint64_t iteration_ = 0;  ///< the last in which a pass re-armed
    IdSet rearmed_;                ///< the scopes whose passes re-armed in it
    IdSet rearmed_before_;         ///< the same of the iteration before
    IdSet while_entering_;         ///< those of them of a deadline that had passed before the scope was entered
    ScopeId scope_ = kNoScope;
};

}  // namespace cancelsim::properties
