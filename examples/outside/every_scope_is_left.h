// A contract of one's own: a class as those in properties/contracts, which a program registers.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "properties/contracts/describe.h"
#include "properties/contracts/own.h"

/// Every scope that a task enters is left by the time that the task is done.
class EveryScopeIsLeft : public cancelsim::properties::Contract {
public:
    struct Places {
        static constexpr cancelsim::properties::Place kNotLeft{"not left"};
    };

    EveryScopeIsLeft() : Contract("every-scope-is-left", "a task that is done has left every scope that it entered") {}

    /// A run begins.
    void start() { open_.clear(); }
    void on(const cancelsim::scenarios::events::ScopeEntered& event) { open_.insert({event.task, event.scope}); }
    void on(const cancelsim::scenarios::events::ScopeLeft& event) { open_.erase({event.task, event.scope}); }
    void on(const cancelsim::scenarios::events::TaskDone& event) {
        const auto first = open_.lower_bound({event.task, 0});
        if (first == open_.end() || first->first != event.task) return;
        left_open_ = *first;
        fail(Places::kNotLeft);
    }

    std::string what_happened() const override {
        return words().task(left_open_.first) + " ended in " + words().scope(left_open_.second) + ".";
    }

private:
    using Entered = std::pair<cancelsim::sim::TaskId, cancelsim::model::ScopeId>;
    std::set<Entered> open_;
    Entered left_open_;
};
