// When tasks were spawned, and whether that was a moment at which a group can hardly look after them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "properties/world/effective_cancellation.h"
#include "scenarios/program/case.h"
#include "scenarios/run/interpreter.h"

namespace cancelsim::properties {

/// Remembers such moments, so that what follows from one is not taken for a fault of its own.
class SpawnMarks {
public:
    void reset() { spawns_.clear(); }

    /// `task` was spawned in `group`.
    void spawned(const scenarios::Interpreter& run, const model::TaskGroup& group, const model::Task& task) {
        Mark mark = Mark::none;
        if (!group.cancel_scope->active)
            mark = Mark::group_left;
        else if (is_in_last_checkpoint(run, group))
            mark = Mark::last_checkpoint;
        else if (cancelling_scope(group.cancel_scope) != nullptr)
            mark = Mark::group_cancelled;
        spawns_.push_back({task.id, mark, run.iteration(), run.now()});
    }

    /// Whether the group was being left, and did not wait for the task.
    bool in_last_checkpoint(const model::Task& task) const { return mark_of(task) == Mark::last_checkpoint; }
    bool after_left(const model::Task& task) const { return mark_of(task) == Mark::group_left; }
    /// Either of these, of the task or of one that it descends from.
    bool left_behind(const model::Task& task) const {
        for (const model::Task* at = &task; at != nullptr && at->group != nullptr;
             at = at->group->cancel_scope->host_task)
            if (in_last_checkpoint(*at) || after_left(*at)) return true;
        return false;
    }
    /// Whether the group was effectively cancelled already.
    bool in_cancelled_group(const model::Task& task) const { return mark_of(task) == Mark::group_cancelled; }

    /// The moment at which `task`, one of a group, was spawned.
    std::uint64_t iteration_of(const model::Task& task) const { return find(task)->iteration; }
    sim::Time time_of(const model::Task& task) const { return find(task)->time; }

private:
    enum class Mark : std::uint8_t { none, last_checkpoint, group_left, group_cancelled };

    Mark mark_of(const model::Task& task) const {
        const auto spawn = find(task);
        return spawn != spawns_.end() ? spawn->mark : Mark::none;
    }

    /// Whether the host of `group` is in the group's exit and waits there for no task, since it found none, and will
    /// not look again.
    static bool is_in_last_checkpoint(const scenarios::Interpreter& run, const model::TaskGroup& group) {
        const model::Task* host = group.cancel_scope->host_task;
        if (host == nullptr || host == run.current_task() || group.on_completed_fut != nullptr) return false;
        if (run.has(model::Defect::last_checkpoint)) return false;
        const std::uint32_t statement = run.statement_of(*host);
        if (statement == scenarios::Interpreter::kNoStatement) return false;
        const scenarios::Statement& exits = run.program().statements[statement];
        return exits.op == scenarios::Op::group && group.label.name == exits.name + 1;
    }

    struct Spawn {
        std::uint32_t task;  ///< its id
        Mark mark;
        std::uint64_t iteration;
        sim::Time time;
    };

    std::vector<Spawn>::const_iterator find(const model::Task& task) const {
        const auto at = std::lower_bound(spawns_.begin(), spawns_.end(), task.id,
                                         [](const Spawn& spawn, std::uint32_t id) { return spawn.task < id; });
        return at != spawns_.end() && at->task == task.id ? at : spawns_.end();
    }

    std::vector<Spawn> spawns_;  ///< in the order of the tasks' ids: a task is spawned as soon as it is made
};

}  // namespace cancelsim::properties
