#include "properties/world/world_audit.h"

namespace cancelsim::properties {

namespace {

ScopeId id_of(const model::CancelScope* scope) { return scope != nullptr ? scope->id : kNoScope; }

const model::CancelScope* innermost(const model::Task& task) { return task.has_state ? task.cancel_scope : nullptr; }

const model::CancelScope* cancelling(const model::CancelScope* scope) {
    for (; scope != nullptr; scope = scope->parent_scope) {
        if (scope->cancel_called) return scope;
        if (scope->shield) return nullptr;
    }
    return nullptr;
}

}  // namespace

void WorldAudit::begin(scenarios::Interpreter& run) {
    run_ = &run;
    difference_.clear();
    callback_failed_ = false;
    world_.begin(run.kernel().clock(), run.kernel().version().start_under_caller);
    run.watch(*this);
}

void WorldAudit::compare() {
    if (!difference_.empty()) return;
    ++compared_;
    compare_tasks();
    compare_scopes();
    if (callback_failed_) return;
    for (const model::TaskGroup* group : run_->kernel().groups())
        if (world_.group(group->id).unreported != group->tasks)
            differs("group " + std::to_string(group->id) + " waits for " + std::to_string(group->tasks) + " tasks");
}

void WorldAudit::compare_tasks() {
    for (const sim::Task* each : run_->kernel().tasks()) {
        const auto& task = static_cast<const model::Task&>(*each);
        const model::CancelScope* scope = innermost(task);
        const World::Task& told = world_.task(task.id);
        if (told.done() != task.done()) differs("task " + std::to_string(task.id) + " is done, or is not");
        if (task.done() && callback_failed_) continue;
        if (told.innermost != id_of(scope))
            differs("the innermost scope of task " + std::to_string(task.id) + " is " + std::to_string(id_of(scope)) +
                    ", not " + std::to_string(told.innermost));
        if (world_.cancelling_scope_of(task.id) != id_of(cancelling(scope)))
            differs("task " + std::to_string(task.id) + " is cancelled by scope " +
                    std::to_string(id_of(cancelling(scope))) + ", not " +
                    std::to_string(world_.cancelling_scope_of(task.id)));
        if (told.requests != task.num_cancels_requested && !task.done())
            differs("`cancelling()` of task " + std::to_string(task.id));
    }
}

void WorldAudit::compare_scopes() {
    for (const model::CancelScope* scope : run_->kernel().scopes()) {
        const World::Scope& told = world_.scope(scope->id);
        const std::string name = "scope " + std::to_string(scope->id);
        if (told.active != scope->active) differs(name + " is entered, or is not");
        if (told.cancelled != scope->cancel_called) differs(name + " is cancelled, or is not");
        if (!told.active) continue;
        if (told.parent != id_of(scope->parent_scope)) differs(name + " has another parent");
        if (told.shield != scope->shield) differs(name + " is shielded, or is not");
        if (told.deadline != scope->deadline) differs(name + " has another deadline");
    }
}

void WorldAudit::differs(const std::string& what) {
    if (difference_.empty())
        difference_ = "iteration " + std::to_string(run_->kernel().iteration()) + ": by the library's books " + what;
}

}  // namespace cancelsim::properties
