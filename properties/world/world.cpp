#include "properties/world/world.h"

#include <cassert>

namespace cancelsim::properties {

void World::begin(const sim::Clock& clock, bool start_under_caller) {
    clock_ = &clock;
    start_under_caller_ = start_under_caller;
    running_ = kNobody;
    task_count_ = kMain + 1;
    scope_count_ = 0;
    group_count_ = 0;
    tasks_.clear();
    scopes_.clear();
    groups_.clear();
}

World::Spawned World::moment_of_spawn(const Group& group) const {
    if (!read(scopes_, group.scope).active) return Spawned::group_left;
    const Task& host = read(tasks_, group.host);
    const bool leaves = group.exit_began && host.parked && host.wait.kind == sim::WaitKind::last_checkpoint;
    if (leaves && read(groups_, host.wait.object).scope == group.scope) return Spawned::last_checkpoint;
    return cancelling_scope(group.scope) != kNoScope ? Spawned::group_cancelled : Spawned::normally;
}

void World::on(const events::TaskSpawned& event) {
    Group& group = groups_[event.group];
    if (group.first == kNobody) group.first = event.task;
    ++group.live;
    ++group.unreported;
    Task& task = tasks_[event.task];
    task.group = event.group;
    task.spawned = moment_of_spawn(group);
    task.spawned_iteration = iteration();
    task.spawned_time = now();
    task.innermost = group.scope;
    if (!event.by_start) return;
    task.handshake = Handshake::waiting;
    // A caller in no scope at all leaves it in its group's.
    const ScopeId of_caller = read(tasks_, task.by).innermost;
    if (start_under_caller_ && of_caller != kNoScope) task.innermost = of_caller;
}

void World::on(const events::TaskDone& event) {
    Task& task = tasks_[event.task];
    assert(!task.done());
    task.parked = false;
    running_ = kNobody;
    task.end = event.cancelled ? End::cancelled : event.error != nullptr ? End::failed : End::result;
    task.ended_marked = event.marked;
    task.end_error = event.error;
    if (task.group == kNoGroup) return;
    Group& group = groups_[task.group];
    assert(group.live > 0);
    --group.live;
}

void World::on(const events::ScopeEntered& event) {
    count_scope(event.scope);
    Scope& scope = scopes_[event.scope];
    Task& task = tasks_[event.task];
    assert(!scope.active);
    scope.parent = task.innermost;
    scope.host = event.task;
    scope.purpose = event.purpose;
    scope.shield = event.shield;
    scope.deadline = event.deadline;
    scope.active = true;
    scope.left = false;
    task.innermost = event.scope;
}

void World::on(const events::ScopeLeft& event) {
    Scope& scope = scopes_[event.scope];
    assert(scope.active && read(tasks_, event.task).innermost == event.scope);
    scope.active = false;
    scope.left = true;
    scope.caught = event.cancelled_caught;
    tasks_[event.task].innermost = scope.parent;
}

void World::on(const events::GroupEntered& event) {
    if (event.group >= group_count_) group_count_ = event.group + 1;
    Group& group = groups_[event.group];
    group.scope = event.scope;
    group.host = event.task;
    scopes_[event.scope].group = event.group;
}

}  // namespace cancelsim::properties
