// A contract of one's own. The project's are listed where the hunt knows them all; one from elsewhere watches a run
// beside them.
#pragma once

#include <set>

#include "properties/world/run_info.h"
#include "scenarios/run/event_hubs.h"

/// Every scope that a task enters in a block is left by the time that the task is done.
class EveryScopeIsLeft : public cancelsim::sim::Observer {
public:
    /// A run begins.
    void begin(cancelsim::properties::RunInfo& /*info*/, const cancelsim::scenarios::EventHubs& hubs) {
        open_.clear();
        broken_ = false;
        hubs.add(*this);
    }
    bool broken() const { return broken_; }

    void on(const cancelsim::scenarios::events::ScopeEntered& event) { open_.insert({event.task, event.scope}); }
    void on(const cancelsim::scenarios::events::ScopeLeft& event) { open_.erase({event.task, event.scope}); }
    void on(const cancelsim::scenarios::events::TaskDone& event) {
        for (const auto& [task, scope] : open_) broken_ = broken_ || task == event.task;
    }

private:
    std::set<std::pair<cancelsim::sim::TaskId, cancelsim::model::ScopeId>> open_;
    bool broken_ = false;
};
