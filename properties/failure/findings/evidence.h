// What a run has shown by the moment at which a contract broke, as far as the preconditions of findings ask for it.
#pragma once

#include <cstdint>

#include "properties/contracts/contract.h"
#include "properties/failure/findings/object_evidence.h"
#include "properties/world/world.h"

namespace cancelsim::properties {

/// The world of a run, and what the world does not remember. It hears every event after `contract` has, and nothing
/// more once that one is broken: so it stays as it was at that moment.
class Evidence final : public sim::Observer {
public:
    struct Task {
        std::uint32_t interruptions = 0;     ///< CancelledErrors thrown into the statement that it is in
        std::uint32_t handed_on = 0;         ///< requests to tasks that wait for it, in that statement
        bool pending = false;                ///< a request has not come to it yet
        bool refused = false;                ///< what it waits for has refused a request
        bool left_behind = false;            ///< it has waited in a scope that was left, or in one inside
        bool in_poll = false;                ///< it is in `checkpoint_if_cancelled`, and was cancelled there
        bool poll_cut_off = false;           ///< since then a shield was raised between it and what cancelled it
        bool asked_by_scope = false;         ///< who cancelled it last was a scope
        bool folded = false;                 ///< its last native request may have met another cancellation in one error
        const sim::Error* native = nullptr;  ///< the CancelledError that its last native request brought
        bool native_pending = false;         ///< that has not come yet
        bool spawned_unnoticed = false;      ///< into a cancelled scope, of which no pass was scheduled
        bool went_on_unreached = false;      ///< when it ran last, before any pass came to it
        bool covered = false;          ///< the scope that cancelled it last, one that it does not host, covered it
        bool failed_unheeded = false;  ///< its end did not cancel its group: a scope around the group was cancelled
        // Of a child of `start`:
        bool began_in_group = false;      ///< it was spawned into its group's scope
        bool caller_interrupted = false;  ///< a CancelledError ended its caller's wait for `started()`
        bool given_up = false;            ///< a native request ended its caller's wait for its end
    };
    struct Scope {
        std::uint32_t own = 0;  ///< requests to its host that it, or what was left inside it, is to undo
        std::uint32_t of_children =
            0;                         ///< requests to other tasks, which scopes that children left inside it handed up
        std::uint32_t of_started = 0;  ///< the same of children that `start` had put there, for its caller
        std::uint32_t undone = 0;      ///< `uncancel()` calls on its behalf
        std::uint64_t cancelled_at_entry = 0;  ///< the iteration in which its deadline cancelled it as it was entered
        std::uint64_t entered_twice = 0;       ///< the iteration in which entering it then scheduled a second pass
    };
    struct Group {
        bool wait_interrupted = false;        ///< a CancelledError ended a wait for its tasks
        bool checkpoint_interrupted = false;  ///< one came to the last checkpoint of its exit
    };

    explicit Evidence(const Contract& contract) : contract_(contract) {}
    /// A run was prepared: watches it.
    void begin(RunInfo& info, const scenarios::EventHubs& hubs);

    const Contract& contract() const { return contract_; }
    const World& world() const { return world_; }
    const Task& task(TaskId id) const { return read(tasks_, id); }
    const Scope& scope(ScopeId id) const { return read(scopes_, id); }
    const Group& group(GroupId id) const { return read(groups_, id); }
    const ObjectEvidence& objects() const { return objects_; }
    /// A scope or a group was entered or left otherwise than as a block.
    bool by_hand() const { return by_hand_; }
    // What the last event of its kind was about.
    ScopeId scope_left() const { return scope_left_; }
    TaskId task_that_left() const { return task_that_left_; }
    /// That came into the scope or left the group.
    const sim::Error* left_with() const { return left_with_; }
    GroupId group_left() const { return group_left_; }
    TaskId start_returned() const { return start_returned_; }  ///< the child
    TaskId ended_by_start() const { return ended_by_start_; }  ///< the child that a `start` has cancelled
    /// Whether `holds(task)` does for some task of the run.
    template <class Holds>
    bool any_task(Holds holds) const {
        for (TaskId id = 0; id < world_.tasks(); ++id)
            if (holds(id)) return true;
        return false;
    }

    template <class Event>
    void on(const Event& event) {
        if (closed_) return;
        if constexpr (sim::Hears<World, Event>) world_.on(event);
        if constexpr (requires { note(event); }) note(event);
        if constexpr (requires { objects_.note(world_, *info_, event); }) objects_.note(world_, *info_, event);
        closed_ = contract_.broken();
    }

private:
    void note(const events::TaskSpawned& event);
    void note(const events::TaskResumed& event);
    void note(const events::TaskParked& event);
    void note(const events::CancelRequested& event);
    void note(const events::Uncancelled& event);
    void note(const events::ChildReported& event);
    void note(const events::ShieldChanged& event);
    void note(const events::PassEnded& event);
    void note(const events::ScopeLeft& event);
    void note(const events::GroupLeft& event);
    void note(const events::StatementBegan& event) {
        if (event.task != kNobody) tasks_[event.task].interruptions = tasks_[event.task].handed_on = 0;
    }
    void note(const events::StartReturned& event) { start_returned_ = event.task; }
    void note(const events::ByHand&) { by_hand_ = true; }

    template <class T>
    static const T& read(const ById<T>& all, std::uint32_t id) {
        static constexpr T kNothing{};
        const T* noted = all.find(id);
        return noted != nullptr ? *noted : kNothing;
    }

    const Contract& contract_;
    const RunInfo* info_ = nullptr;
    World world_;
    ObjectEvidence objects_;
    ById<Task> tasks_;
    ById<Scope> scopes_;
    ById<Group> groups_;
    bool closed_ = false;
    bool by_hand_ = false;
    ScopeId scope_left_ = kNoScope;
    TaskId task_that_left_ = kNobody;
    const sim::Error* left_with_ = nullptr;
    GroupId group_left_ = kNoGroup;
    TaskId start_returned_ = kNobody;
    TaskId ended_by_start_ = kNobody;
};

}  // namespace cancelsim::properties
