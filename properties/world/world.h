// What a run is, as its events alone tell it: what the program asked for, and what happened, never the books of the
// library under test. A library that forgets a shield cannot agree with itself here: world_audit.h compares the two.
//
// Rules of the world. A task's innermost scope is the last that it entered and has not left. An exit that raised left
// nothing. A scope that was left keeps its parent. A child begins in its group's scope; a child of `start`, from anyio
// 4.15 on, in its caller's innermost scope until it calls `started()`: the one rule that depends on the release.
// A group's child is in no scope any more once its end was reported to the group.
//
// `on` is called for each event of a run, in order. Tasks, scopes and groups are numbered in order of creation; of a
// number that no event has told of, everything has its default. A scope whose deadline has passed is cancelled while it
// is being entered: its ScopeCancelled comes before its ScopeEntered.
#pragma once

#include <cassert>
#include <cstdint>

#include "properties/world/by_id.h"
#include "scenarios/run/events.h"
#include "sim/timer.h"

namespace cancelsim::properties {

namespace events = scenarios::events;

using model::GroupId;
using model::kNoScope;
using model::ScopeId;
using sim::By;
using sim::kNobody;
using sim::TaskId;
inline constexpr GroupId kNoGroup = sim::kNoObject;
/// The task that runs main: it is there from the beginning.
inline constexpr TaskId kMain = 0;

class World {
public:
    enum class End : std::uint8_t { none, result, failed, cancelled };

    /// How far a task that `start` spawned is with its caller.
    enum class Handshake : std::uint8_t {
        none,       ///< spawned by `start_soon`
        waiting,    ///< the caller waits for `started()`
        said,       ///< it has called `started()`, and the caller was still waiting
        abandoned,  ///< the caller was interrupted before
        ended,      ///< it has ended before: its caller is told how
    };
    /// What the moment was like at which a task was spawned: a group can hardly look after what comes at such moments.
    enum class Spawned : std::uint8_t {
        normally,
        last_checkpoint,  ///< its group was being left, and did not wait for the task
        group_left,
        group_cancelled,  ///< its group was effectively cancelled already
    };

    struct Task {
        GroupId group = kNoGroup;
        ScopeId innermost = kNoScope;
        TaskId by = kNobody;  ///< that ran when it was made
        Handshake handshake = Handshake::none;
        Spawned spawned = Spawned::normally;
        std::uint64_t spawned_iteration = 0;  ///< of one in a group
        sim::Time spawned_time = 0;
        /// What it waits for; counts while it is parked.
        sim::Wait wait;
        bool parked = false;    ///< it has given way and was not resumed
        bool bare = false;      ///< parked without anything to wait for
        bool ready = false;     ///< parked, but what it waits for is over
        bool refuses = false;   ///< what it waits for cannot be cancelled
        bool forwards = false;  ///< it waits for another task, to which a cancellation is handed on
        bool started = false;   ///< it has run
        bool reported = false;  ///< its end was reported to its group
        bool reached = false;   ///< a scope's pass has called `cancel()` on it
        End end = End::none;
        bool ended_marked = false;              ///< cancelled in its last step by a request with the library's message
        const sim::Error* end_error = nullptr;  ///< or null: none
        std::uint32_t times_parked = 0;
        std::uint32_t requests = 0;   ///< `cancelling()`, as far as requests and `uncancel()` tell
        std::uint32_t unarrived = 0;  ///< those of them that were made since it was resumed last

        bool done() const { return end != End::none; }
        /// Whether it waits for something that has not come.
        bool waits() const { return parked && !bare && !ready; }
        /// Whether cancelling it now would interrupt it where it waits. What waits for another task is interrupted only
        /// when that one ends, whenever that is.
        bool can_be_interrupted() const { return waits() && !refuses && !forwards; }
    };

    struct Scope {
        ScopeId parent = kNoScope;
        TaskId host = kNobody;
        GroupId group = kNoGroup;  ///< whose own it is
        model::Purpose purpose = model::Purpose::program;
        bool shield = false;
        bool cancelled = false;
        bool active = false;  ///< entered and not left
        bool left = false;
        bool caught = false;  ///< its `cancelled_caught`, when it was left last
        bool armed = false;   ///< its last pass asked for another
        sim::Time deadline = sim::kInfinity;
        By cancelled_by;
        TaskId tasks_when_cancelled = 0;  ///< how many tasks there were
    };

    struct Group {
        ScopeId scope = kNoScope;
        TaskId host = kNobody;
        TaskId first = kNobody;        ///< its first task: its others come later
        std::uint32_t live = 0;        ///< tasks of it that are not done
        std::uint32_t unreported = 0;  ///< tasks of it whose end was not reported to it
        bool exit_began = false;
        bool left = false;
    };

    /// A run begins: forgets the last one. `clock` is the subject's; `start_under_caller` is what the release does.
    void begin(const sim::Clock& clock, bool start_under_caller);

    /// Of the event that was heard last.
    std::uint64_t iteration() const { return clock_->iteration; }
    sim::Time now() const { return clock_->now; }
    /// The iteration in which time moved last; 0 if it never did.
    std::uint64_t time_moved_in() const { return clock_->time_moved_in; }
    /// How many tasks, scopes and groups events have told of.
    TaskId tasks() const { return task_count_; }
    ScopeId scopes() const { return scope_count_; }
    GroupId groups() const { return group_count_; }

    /// The task that runs; kNobody where none does.
    TaskId running() const { return running_; }

    const Task& task(TaskId id) const { return read(tasks_, id); }
    const Scope& scope(ScopeId id) const { return read(scopes_, id); }
    const Group& group(GroupId id) const { return read(groups_, id); }

    /// The cancelled scope that cancels what is in `scope`, which may be kNoScope: itself, or one around it with no
    /// shield between; or kNoScope.
    ScopeId cancelling_scope(ScopeId scope) const {
        for (ScopeId at = scope; at != kNoScope;) {
            const Scope& each = read(scopes_, at);
            if (each.cancelled) return at;
            if (each.shield) return kNoScope;
            at = each.parent;
        }
        return kNoScope;
    }
    /// The cancelled scope that covers `task`, or kNoScope where it is not effectively cancelled.
    ScopeId cancelling_scope_of(TaskId task) const { return cancelling_scope(read(tasks_, task).innermost); }
    /// Whether `inner`, which may be kNoScope, is `outer` or a scope inside it.
    bool is_inside(ScopeId inner, ScopeId outer) const {
        while (inner != kNoScope && inner != outer) inner = read(scopes_, inner).parent;
        return inner != kNoScope;
    }
    /// The cancelled scope that is visible outside `scope`, or kNoScope.
    ScopeId cancelled_outside(ScopeId scope) const {
        const Scope& inner = read(scopes_, scope);
        return inner.shield ? kNoScope : cancelling_scope(inner.parent);
    }
    /// Whether `scope` covers `task`: its innermost scope is `scope` or inside it, with no shielded scope and no scope
    /// with a cancellation of its own on the path below `scope`.
    bool covers(ScopeId scope, TaskId task) const {
        for (ScopeId at = read(tasks_, task).innermost; at != kNoScope;) {
            if (at == scope) return true;
            const Scope& each = read(scopes_, at);
            if (each.shield || each.cancelled) return false;
            at = each.parent;
        }
        return false;
    }
    /// Whether a pass of `scope` comes to `task`: it covers it, and no scope between was left.
    bool reaches(ScopeId scope, TaskId task) const {
        for (ScopeId at = read(tasks_, task).innermost; at != kNoScope;) {
            if (at == scope) return true;
            const Scope& each = read(scopes_, at);
            if (each.shield || each.cancelled || !each.active) return false;
            at = each.parent;
        }
        return false;
    }
    /// Whether a scope that was left is between `task` and the scope that cancels it, or is that scope. Misuse leaves
    /// tasks behind so, and so does a group that is left while a task is being spawned in it: no pass goes from a scope
    /// to one that was left, nor begins at one.
    bool is_in_left_scope(TaskId task) const {
        for (ScopeId at = read(tasks_, task).innermost; at != kNoScope;) {
            const Scope& each = read(scopes_, at);
            if (!each.active) return true;
            if (each.cancelled || each.shield) return false;
            at = each.parent;
        }
        return false;
    }
    /// Whether `task` was spawned when `scope` was cancelled already, and no pass has come to it since. Nothing in
    /// anyio starts the delivery anew for such a task: where no pass is scheduled, because the others in the scope are
    /// shielded, none comes.
    bool spawned_too_late(TaskId task, ScopeId scope) const {
        const Scope& cancelled = read(scopes_, scope);
        return cancelled.cancelled && task >= cancelled.tasks_when_cancelled && !read(tasks_, task).reached;
    }
    /// Whether `task`, or one that it descends from, was spawned when its group was being left and did not wait for it,
    /// or had been left.
    bool left_behind(TaskId task) const {
        for (TaskId at = task; at != kNobody && read(tasks_, at).group != kNoGroup;
             at = read(groups_, read(tasks_, at).group).host)
            if (read(tasks_, at).spawned == Spawned::last_checkpoint || read(tasks_, at).spawned == Spawned::group_left)
                return true;
        return false;
    }
    /// Calls `visit(task)` for every task that was spawned in `group`, done or not, in order, until one returns false.
    template <class Visit>
    void for_each_task_of(GroupId group, Visit visit) const {
        const TaskId first = read(groups_, group).first;
        for (TaskId id = first; first != kNobody && id < task_count_; ++id)
            if (read(tasks_, id).group == group && !visit(id)) return;
    }

    void on(const events::TaskCreated& event) {
        if (event.task >= task_count_) task_count_ = event.task + 1;
        tasks_[event.task].by = event.by;
    }
    void on(const events::TaskSpawned& event);
    void on(const events::TaskResumed& event) {
        Task& task = tasks_[event.task];
        task.parked = false;
        task.started = true;
        task.unarrived = 0;
        running_ = event.task;
    }
    void on(const events::TaskParked& event) {
        Task& task = tasks_[event.task];
        task.wait = event.wait;
        task.parked = true;
        ++task.times_parked;
        task.bare = event.bare;
        task.ready = event.ready;
        task.refuses = event.refuses;
        task.forwards = event.forwards;
        running_ = kNobody;
        if (event.ready) became_ready(task, true);
    }
    void on(const events::TaskReady& event) {
        Task& task = tasks_[event.task];
        task.ready = true;
        if (task.parked) became_ready(task, event.cancelled);
    }
    void on(const events::TaskDone& event);
    void on(const events::CancelRequested& event) {
        Task& task = tasks_[event.task];
        if (event.by.kind == By::Kind::scope) task.reached = true;
        if (!event.accepted) return;
        ++task.requests;
        ++task.unarrived;
    }
    void on(const events::Uncancelled& event) {
        Task& task = tasks_[event.task];
        task.requests = event.requests;
        if (task.unarrived > task.requests) task.unarrived = task.requests;
    }
    void on(const events::ScopeEntered& event);
    void on(const events::ScopeLeft& event);
    void on(const events::ScopeMoved& event) { scopes_[event.scope].parent = event.parent; }
    void on(const events::ScopeCancelled& event) {
        Scope& scope = scopes_[event.scope];
        count_scope(event.scope);
        scope.cancelled = true;
        scope.cancelled_by = event.by;
        scope.tasks_when_cancelled = task_count_;
    }
    void on(const events::PassEnded& event) { scopes_[event.scope].armed = event.rearmed; }
    void on(const events::StartedCalled& event) {
        if (event.accepted) tasks_[event.task].handshake = Handshake::said;
    }
    void on(const events::ShieldChanged& event) { scopes_[event.scope].shield = event.shield; }
    void on(const events::DeadlineChanged& event) { scopes_[event.scope].deadline = event.deadline; }
    void on(const events::GroupEntered& event);
    void on(const events::GroupExitBegan& event) { groups_[event.group].exit_began = true; }
    void on(const events::GroupLeft& event) { groups_[event.group].left = true; }
    void on(const events::ChildReported& event) {
        Task& task = tasks_[event.task];
        task.reported = true;
        if (task.handshake == Handshake::waiting) task.handshake = Handshake::ended;
        task.innermost = kNoScope;
        Group& group = groups_[event.group];
        assert(group.unreported > 0);
        --group.unreported;
    }

private:
    /// A caller that is interrupted while it waits for `started()` has cancelled its child's status.
    void became_ready(const Task& caller, bool cancelled) {
        if (caller.wait.kind != sim::WaitKind::started || !cancelled) return;
        Task& child = tasks_[caller.wait.object];
        if (child.handshake == Handshake::waiting) child.handshake = Handshake::abandoned;
    }
    Spawned moment_of_spawn(const Group& group) const;
    /// What events have told of number `id`; its defaults where they have told of nothing.
    template <class T>
    static const T& read(const ById<T>& all, std::uint32_t id) {
        static constexpr T kNothing{};
        const T* told = all.find(id);
        return told != nullptr ? *told : kNothing;
    }
    void count_scope(ScopeId id) {
        if (id >= scope_count_) scope_count_ = id + 1;
    }

    const sim::Clock* clock_ = nullptr;
    bool start_under_caller_ = false;
    TaskId running_ = kNobody;
    TaskId task_count_ = 0;
    ScopeId scope_count_ = 0;
    GroupId group_count_ = 0;
    ById<Task> tasks_;
    ById<Scope> scopes_;
    ById<Group> groups_;
};

}  // namespace cancelsim::properties
