// Who cancelled this task? Asked at every interruption of a run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "properties/contracts/describe.h"
#include "properties/report/timeline/story.h"
#include "properties/world/by_id.h"
#include "properties/world/world.h"

namespace cancelsim::properties {

/// Follows each CancelledError that is thrown into a task to the requests that it brings, and these to who made them.
class Interruptions : public sim::Observer {
public:
    void begin(RunInfo& info, const scenarios::EventHubs& hubs) {
        info_ = &info;
        world_.begin(info.clock(), info.start_under_caller());
        hubs.add(*this);
    }

    template <class Event>
    void on(const Event& event) {
        // An interruption is of the task as it was parked.
        if constexpr (std::is_same_v<Event, events::TaskResumed>) note(event);
        if constexpr (sim::Hears<World, Event>) world_.on(event);
        if constexpr (std::is_same_v<Event, events::CancelRequested> || std::is_same_v<Event, events::ScopeCancelled>)
            note(event);
    }

    std::vector<Interruption> take() { return std::move(found_); }

private:
    /// Somebody asked for a cancellation.
    struct Asked {
        By by;
        std::uint64_t iteration = 0;
        sim::Time time = 0;
        std::uint32_t statement = scenarios::kNoStatement;  ///< that `by.task` was in
    };

    void note(const events::TaskResumed& event);
    void note(const events::CancelRequested& event) {
        if (event.accepted) requests_[event.task].push_back(asked(event.by));
    }
    void note(const events::ScopeCancelled& event) { cancels_[event.scope] = asked(event.by); }

    Asked asked(const By& by) const {
        const std::uint32_t statement = by.task != kNobody ? info_->statement_of(by.task) : scenarios::kNoStatement;
        return {by, world_.iteration(), world_.now(), statement};
    }
    /// Who asked to cancel a task.
    std::string requester(const Asked& asked) const;
    /// Who cancelled `scope`, to follow its name; empty where no event has told.
    std::string canceller(ScopeId scope) const;
    /// "task `main` in statement 4 (`cancel`)".
    std::string task_in(TaskId task, std::uint32_t statement) const;
    Words words() const { return {world_, *info_}; }

    RunInfo* info_ = nullptr;
    World world_;
    ById<std::vector<Asked>> requests_;  ///< by task: those that have not arrived
    ById<Asked> cancels_;                ///< by scope
    std::vector<Interruption> found_;
};

}  // namespace cancelsim::properties
