// Whether the world is what the library's books say: for releases without a switch it must be.
#pragma once

#include <string>

#include "properties/world/world.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// Builds the world of a run and compares it with the model's books: each task's innermost scope and the scope that
/// cancels it, each scope's parent, shield, cancellation and whether it is entered, and how many tasks each group waits
/// for. It looks at every event that does not come in the midst of entering or leaving a scope.
class WorldAudit final : public sim::Observer {
public:
    /// A run was prepared: watches it.
    void begin(scenarios::Interpreter& run);
    /// The first difference of the run, as a sentence; empty where there is none.
    const std::string& difference() const { return difference_; }
    /// Events at which all was compared so far, in all runs.
    std::uint64_t compared() const { return compared_; }
    const World& world() const { return world_; }

    /// A done callback of a group's task that fails has forgotten the task, but no event says of which: from then on
    /// nothing is compared that it changes.
    void on(const events::CallbackFailed&) { callback_failed_ = true; }
    template <class Event>
    requires(sim::Hears<World, Event> || std::is_same_v<Event, events::StatementBegan>) void on(const Event& event) {
        if constexpr (sim::Hears<World, Event>) world_.on(event);
        // A pass runs, and a scope is cancelled or set, while a task is between two scopes.
        constexpr bool kInMidst =
            IsOneOf<Event, events::TaskCreated, events::CancelRequested, events::Uncancelled, events::TaskReady,
                    events::PassEnded, events::ScopeCancelled, events::ScopeMoved, events::GroupExitBegan,
                    events::StartedCalled, events::DeadlineChanged, events::ShieldChanged>::value;
        if constexpr (!kInMidst) compare();
    }

private:
    template <class Event, class... Others>
    struct IsOneOf : std::bool_constant<(std::is_same_v<Event, Others> || ...)> {};

    void compare();
    void compare_tasks();
    void compare_scopes();
    void differs(const std::string& what);

    World world_;
    const scenarios::Interpreter* run_ = nullptr;
    std::string difference_;
    bool callback_failed_ = false;
    std::uint64_t compared_ = 0;
};

}  // namespace cancelsim::properties
