// Tasks that wait although they are effectively cancelled, and for how long: what the promises of delivery share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/world/by_id.h"

namespace cancelsim::properties {

/// The tasks to which a cancellation is owed. asyncio needs one iteration to come to each: a pass is scheduled for the
/// next one, where it cancels what the task waits for, and in the one after that the task is thrown into. An order of
/// the ready handles changes nothing of that, because an iteration runs all that were ready when it began. But it
/// decides races: a task that is resumed by what it waited for, before the pass comes to it, is not owed anything more.
class ParkedWatch {
public:
    /// Of those who break what they owe here; else they break where they wait.
    struct Places {
        static constexpr Place kInALeftScope{"in a scope that was left"};
        static constexpr Place kSpawnedIntoACancelledScope{"spawned into a cancelled scope"};
        static constexpr Place kWentOnAfterABareYield{"went on after a bare yield"};
        static constexpr Place kWentOnWhenTimeMoved{"went on when time moved"};
    };

    struct Wait {
        TaskId task = kNobody;        ///< kNobody once it is over
        ScopeId scope = kNoScope;     ///< that cancels it
        bool bare_yield = false;      ///< it waits for nothing: its next step is scheduled
        bool pass_seen = false;       ///< a pass that should come to it has been made since
        bool went_on = false;         ///< it was resumed otherwise
        bool too_late = false;        ///< it was spawned when `scope` was cancelled: see spawned_too_late
        bool left_behind = false;     ///< a scope that was left is between the two: see is_in_left_scope;
                                      ///< like `statement`, only where it went on or is broken
        std::uint32_t statement = 0;  ///< in which it waits
        std::uint64_t since = 0;      ///< the iteration
        sim::Time time = 0;
    };

    /// What its owner must listen to while it is not `empty`.
    using Wanted =
        sim::EventList<events::IterationBegan, events::TaskResumed, events::PassEnded, events::ShieldChanged>;

    void reset() {
        waits_.clear();
        live_ = 0;
        waiting_.clear();
    }
    bool empty() const { return live_ == 0; }

    /// When something is owed, and what has been done about it.
    struct Since {
        std::uint64_t iteration = 0;
        sim::Time time = 0;
        bool pass_seen = false;
    };

    /// Owes `task`, which waits and is cancelled by `scope`, an interruption from now on.
    void owe(const World& world, TaskId task, ScopeId scope) {
        owe(world, task, scope, {.iteration = world.iteration(), .time = world.now()});
    }
    void owe(const World& world, TaskId task, ScopeId scope, const Since& since);
    /// A pass that `origin` originates has ended.
    void passed(const World& world, ScopeId origin);
    /// `task` runs again, with `error` thrown into it.
    void resumed(const World& world, const RunInfo& info, TaskId task, const sim::Error* error) {
        std::uint32_t& waiting = waiting_[task];
        if (waiting == 0) return;
        Wait& wait = waits_[waiting - 1];
        waiting = 0;
        // What came while time stood still came in a race with the pass, and won. But where time has moved, the loop
        // had nothing else to do, or the pass had its chance in the iteration that moved it.
        if ((error != nullptr && error->is_cancelled()) || (!wait.bare_yield && world.now() == wait.time))
            return forget(wait);
        // A shield that came up meanwhile has ended the cancellation.
        if (world.cancelling_scope_of(task) == kNoScope) return forget(wait);
        note_place(world, info, wait);
        wait.went_on = true;
    }
    /// Who is covered by what has changed: every bound starts again.
    void restart_bounds(const World& world);
    /// At the beginning of an iteration: a wait whose bound has passed, if any; forgets those that are over.
    const Wait* overdue(const World& world, const RunInfo& info);
    /// At the end of a run: a wait that nothing will ever end, if any.
    const Wait* endless(const World& world, const RunInfo& info);

    /// The kind of place where `wait` was broken.
    static Place place_of(const World& world, const RunInfo& info, const Wait& wait);
    /// "task `t` has waited in statement 3 (`sleep`) since ..., cancelled by scope `s`, ...": one or more sentences.
    static std::string words(const Words& words, const Wait& wait);

private:
    static bool is_broken(const World& world, const Wait& wait);
    /// Notes where it waits, before it goes on.
    static void note_place(const World& world, const RunInfo& info, Wait& wait);
    void forget(Wait& wait) {
        wait.task = kNobody;
        if (--live_ == 0) waits_.clear();
    }

    std::vector<Wait> waits_;
    std::size_t live_ = 0;         ///< those of them that are not over
    ById<std::uint32_t> waiting_;  ///< by task: 1 more than the index of its wait that has not gone on, or 0
};

}  // namespace cancelsim::properties
