#include "properties/world/world.h"

#include <cassert>

namespace cancelsim::properties {

void World::begin(const std::uint64_t& iteration, const sim::Time& now, bool start_under_caller) {
    iteration_ = &iteration;
    now_ = &now;
    start_under_caller_ = start_under_caller;
    task_count_ = 1;  // `main` is there from the beginning
    scope_count_ = 0;
    tasks_.clear();
    scopes_.clear();
    groups_.clear();
}

void World::on(const events::TaskSpawned& event) {
    Group& group = groups_[event.group];
    if (group.first == kNobody) group.first = event.task;
    ++group.live;
    Task& task = tasks_[event.task];
    task.group = event.group;
    task.innermost = group.scope;
    task.by_start = event.by_start;
    if (!event.by_start || !start_under_caller_) return;
    // A caller in no scope at all leaves it in its group's.
    const ScopeId of_caller = tasks_.at(task.by).innermost;
    if (of_caller != kNoScope) task.innermost = of_caller;
}

void World::on(const events::TaskDone& event) {
    Task& task = tasks_[event.task];
    assert(!task.done());
    task.parked = false;
    task.end = event.cancelled ? End::cancelled : event.error != nullptr ? End::failed : End::result;
    task.ended_marked = event.marked;
    task.end_error = event.error;
    if (task.group != kNoGroup) --groups_[task.group].live;
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
    assert(scope.active && tasks_.at(event.task).innermost == event.scope);
    scope.active = false;
    scope.left = true;
    tasks_[event.task].innermost = scope.parent;
}

void World::on(const events::GroupEntered& event) {
    Group& group = groups_[event.group];
    group.scope = event.scope;
    group.host = event.task;
    scopes_[event.scope].group = event.group;
}

}  // namespace cancelsim::properties
