// no-lost-wakeup: who waits at the end waits in vain, but not by mistake.
#pragma once

#include <algorithm>

#include "properties/contracts/contract.h"
#include "properties/contracts/describe.h"
#include "properties/world/by_id.h"
#include "properties/world/id_set.h"

namespace cancelsim::properties {

/// Judged when a run has come to rest, which a spinning one has too: then only passes are scheduled. That the budget
/// ended it says nothing. Cancelled tasks are judged only where scopes are blocks: what misuse leaves behind is out of
/// reach of any pass.
class NoLostWakeup final : public Contract {
public:
    struct Places {
        static constexpr Place kCancelledSpawnedAsItsGroupWasLeft{"cancelled, spawned as its group was left"};
        static constexpr Place kCancelledSpawnedInACancelledGroup{"cancelled, spawned in a cancelled group"};
        static constexpr Place kCancelled{"cancelled"};
    };

    NoLostWakeup()
        : Contract("no-lost-wakeup",
                   "where a run has come to rest, each task that is not done waits for something that never happened, "
                   "and is "
                   "not cancelled") {}

    void start() {
        set_.clear();
        leavers_.clear();
        task_ = kNobody;
        const scenarios::Case* program = info().program();
        const auto sets = [](const scenarios::Statement& each) { return each.op == scenarios::Op::event_set; };
        if (program == nullptr || std::none_of(program->statements.begin(), program->statements.end(), sets))
            ignore<events::StatementBegan>();
    }

    void on(const events::StatementBegan& event) {
        const scenarios::Statement& statement = info().program()->statements[event.statement];
        if (statement.op == scenarios::Op::event_set) set_.add(statement.name);
    }

    void on(const events::GroupExitBegan& event) { leavers_[event.group] = event.task; }

    void end() {
        if (sim::cut_short(info().verdict())) return;
        const scenarios::Case* program = info().program();
        // Once the main of a user's own program has ended time stands still: who waits then may wait for anything.
        if (program == nullptr && world().task(kMain).done()) return;
        for (TaskId id = 0; id < world().tasks(); ++id) {
            const World::Task& task = world().task(id);
            if (task.done()) continue;
            task_ = id;
            if (!waits_in_vain(id)) return fail(words().waiting_place(id));
            if (!task.can_be_interrupted() || world().cancelling_scope_of(id) == kNoScope) continue;
            if (program != nullptr && scenarios::has_misuse(*program)) continue;
            return fail(world().left_behind(id)                           ? Places::kCancelledSpawnedAsItsGroupWasLeft
                        : task.spawned == World::Spawned::group_cancelled ? Places::kCancelledSpawnedInACancelledGroup
                                                                          : Places::kCancelled);
        }
    }

    std::string what_happened() const override {
        std::string text = "At the end of the run, " + moment_words(broken_at_time(), broken_at_iteration()) +
                           ", with nothing left to do, " + words().task(task_) + " ";
        if (!world().task(task_).started) return text + "had not begun to run.";
        text += "still waited in " + words().statement_of(task_) + ", ";
        if (is_cancelled_place())
            return text + "though it is cancelled by " + words().scope(world().cancelling_scope_of(task_)) + ".";
        return text + "though what it waited for has happened.";
    }

private:
    bool is_cancelled_place() const {
        return place() == Places::kCancelled || place() == Places::kCancelledSpawnedAsItsGroupWasLeft ||
               place() == Places::kCancelledSpawnedInACancelledGroup;
    }
    /// Whether what `task` waits for has not happened. Of what no event tells, that is taken for granted.
    bool waits_in_vain(TaskId id) const {
        const World::Task& task = world().task(id);
        if (!task.started || !task.waits()) return false;
        switch (task.wait.kind) {
            case sim::WaitKind::sleep: return false;  // its time always comes
            case sim::WaitKind::event: return !set_.has(task.wait.object);
            case sim::WaitKind::children: {
                // Of two that leave a group the first waits for what nobody will ever set.
                const TaskId* leaver = leavers_.find(task.wait.object);
                if (leaves_by_hand(id) || leaver == nullptr || *leaver != id) return true;
                const World::Group& group = world().group(task.wait.object);
                return group.live != 0 || group.first == kNobody;
            }
            case sim::WaitKind::started:
            case sim::WaitKind::child_end: return !world().task(task.wait.object).done();
            case sim::WaitKind::yield:
            case sim::WaitKind::poll:
            case sim::WaitKind::shielded_checkpoint:
            case sim::WaitKind::last_checkpoint:
            case sim::WaitKind::future:
            case sim::WaitKind::object:
            case sim::WaitKind::task:
            case sim::WaitKind::asyncio:
            case sim::WaitKind::asyncio_children: return true;
        }
        return true;
    }

    /// A group that is left by hand may be left by a task that is not its host, or twice.
    bool leaves_by_hand(TaskId id) const {
        const std::uint32_t statement = info().statement_of(id);
        return info().program() != nullptr && statement != scenarios::kNoStatement &&
               info().program()->statements[statement].op != scenarios::Op::group;
    }

    IdSet set_;             ///< the events that were set, by name
    ById<TaskId> leavers_;  ///< by group: the last that began to leave it
    TaskId task_ = kNobody;
};

}  // namespace cancelsim::properties
