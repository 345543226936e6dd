#include "properties/failure/findings/evidence.h"

namespace cancelsim::properties {

void Evidence::begin(RunInfo& info, const scenarios::EventHubs& hubs) {
    world_.begin(info.clock(), info.start_under_caller());
    info_ = &info;
    objects_.begin();
    tasks_.clear();
    scopes_.clear();
    groups_.clear();
    closed_ = by_hand_ = false;
    scope_left_ = kNoScope;
    group_left_ = kNoGroup;
    task_that_left_ = start_returned_ = ended_by_start_ = kNobody;
    left_with_ = nullptr;
    hubs.add(*this);
}

void Evidence::note(const events::TaskSpawned& event) {
    Task& task = tasks_[event.task];
    task.began_in_group = event.scope == world_.group(event.group).scope;
    const ScopeId cancelling = world_.cancelling_scope_of(event.task);
    if (cancelling == kNoScope || world_.scope(cancelling).armed) return;
    task.spawned_unnoticed = !any_task([&](TaskId other) {
        const bool is_live = other != event.task && !world_.task(other).done();
        return is_live && world_.covers(cancelling, other) && !tasks_[other].spawned_unnoticed;
    });
}

void Evidence::note(const events::TaskResumed& event) {
    Task& task = tasks_[event.task];
    const bool cancelled = event.thrown != nullptr && event.thrown->is_cancelled();
    task.went_on_unreached = event.thrown == nullptr && !world_.task(event.task).reached;
    if (task.native_pending) task.native = cancelled ? event.thrown : nullptr;
    task.native_pending = false;
    if (!cancelled) return;
    task.pending = false;
    ++task.interruptions;
    const sim::Wait& wait = world_.task(event.task).wait;
    if (wait.kind == sim::WaitKind::children) groups_[wait.object].wait_interrupted = true;
    if (wait.kind == sim::WaitKind::last_checkpoint) groups_[wait.object].checkpoint_interrupted = true;
    if (wait.kind == sim::WaitKind::started) tasks_[wait.object].caller_interrupted = true;
}

void Evidence::note(const events::TaskParked& event) {
    Task& task = tasks_[event.task];
    task.left_behind = task.left_behind || world_.is_in_left_scope(event.task);
    task.refused = event.refuses && task.pending;  // a pending request is made again of what the task waits for
    const bool polls = event.wait.kind == sim::WaitKind::poll;
    if (!polls) task.poll_cut_off = false;
    task.in_poll = polls && (task.in_poll || world_.cancelling_scope_of(event.task) != kNoScope);
}

void Evidence::note(const events::CancelRequested& event) {
    if (!event.accepted) return;
    Task& task = tasks_[event.task];
    const World::Task& told = world_.task(event.task);
    if (told.parked && told.refuses) task.refused = true;
    task.pending = true;
    const bool by_scope = event.by.kind == By::Kind::scope;
    const bool native = !by_scope && event.message == 0;
    // A request that is handed on to an awaited task is pending in none.
    // Where the wait was over by a cancellation, that is what is thrown, and stands for the request too.
    const bool meets_scopes =
        (event.was_pending && task.asked_by_scope) || (told.parked && told.forwards) || event.wait_was_over;
    if (native) task.folded = meets_scopes || (task.native_pending && task.folded);
    // A scope marks a request of its own, and one that an interrupted waiter hands on.
    if (event.message != 0 && task.native_pending) task.folded = true;
    if (native) task.native_pending = true;
    task.asked_by_scope = by_scope;
    if (by_scope && world_.scope(event.by.id).host == event.task) ++scopes_[event.by.id].own;
    if (by_scope && world_.scope(event.by.id).host != event.task) task.covered = world_.covers(event.by.id, event.task);
    if (event.by.kind == By::Kind::start) ended_by_start_ = event.task;
    const bool waits_for_end = told.parked && told.wait.kind == sim::WaitKind::child_end;
    const bool handed_on = event.by.kind == By::Kind::forwarded;
    if (handed_on) ++task.handed_on;
    if ((native || handed_on) && waits_for_end && !event.wait_was_over) tasks_[told.wait.object].given_up = true;
}

void Evidence::note(const events::Uncancelled& event) {
    if (event.by.kind == By::Kind::scope) ++scopes_[event.by.id].undone;
}

void Evidence::note(const events::ChildReported& event) {
    const bool failed = world_.task(event.task).end == World::End::failed;
    const ScopeId scope = world_.group(event.group).scope;
    tasks_[event.task].failed_unheeded =
        failed && !world_.scope(scope).cancelled && world_.cancelling_scope(scope) != kNoScope;
}

void Evidence::note(const events::ShieldChanged& event) {
    if (!event.shield) return;
    for (TaskId id = 0; id < world_.tasks(); ++id)
        if (task(id).in_poll && world_.cancelling_scope_of(id) == kNoScope) tasks_[id].poll_cut_off = true;
}

void Evidence::note(const events::PassEnded& event) {
    const World::Scope& told = world_.scope(event.scope);
    if (!event.rearmed) return;
    Scope& scope = scopes_[event.scope];
    if (event.cause == model::PassCause::cancel && !told.active && told.cancelled_by.kind == By::Kind::deadline)
        scope.cancelled_at_entry = world_.iteration();
    if (event.cause == model::PassCause::enter && scope.cancelled_at_entry == world_.iteration())
        scope.entered_twice = world_.iteration();
}

void Evidence::note(const events::ScopeLeft& event) {
    scope_left_ = event.scope;
    for (TaskId id = 0; id < world_.tasks(); ++id)
        if (!world_.task(id).done() && world_.is_in_left_scope(id)) tasks_[id].left_behind = true;
    task_that_left_ = event.task;
    left_with_ = event.came_in;
    const World::Scope& left = world_.scope(event.scope);
    const Scope book = scope(event.scope);
    if ((left.cancelled && world_.cancelled_outside(event.scope) == kNoScope) || left.parent == kNoScope) return;
    // Whoever leaves a scope without having caught hands its requests up.
    Scope& outer = scopes_[left.parent];
    const bool same_host = world_.scope(left.parent).host == event.task;
    const GroupId group = world_.task(event.task).group;
    const bool in_group = group == kNoGroup || world_.group(group).scope == left.parent;
    (same_host ? outer.own : in_group ? outer.of_children : outer.of_started) += book.own;
    outer.of_children += book.of_children;
    outer.of_started += book.of_started;
}

void Evidence::note(const events::GroupLeft& event) {
    group_left_ = event.group;
    task_that_left_ = event.task;
    left_with_ = event.error;
}

}  // namespace cancelsim::properties
