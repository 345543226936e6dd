#include "model/state_hash.h"

#include "model/policies/asked_waiter.h"

namespace cancelsim::model {

namespace {

template <class... Flags>
std::uint64_t bits(Flags... flags) {
    std::uint64_t word = 0;
    ((word = word << 1 | (flags ? 1U : 0U)), ...);
    return word;
}

}  // namespace

void StateHash::begin(const Kernel& kernel) {
    sim::StateHash::begin(kernel);
    for (const sim::Task* task : kernel.tasks()) name(task);
    for (const CancelScope* scope : kernel.scopes()) {
        name(scope);
        for (const AskedWaiter* asked = scope->asked_waiters; asked != nullptr; asked = asked->next) name(asked);
    }
}

void StateHash::add_kernel(const Kernel& kernel) {
    add(kernel.tasks().size() | static_cast<std::uint64_t>(kernel.scopes().size()) << 32);
    for (const sim::Task* task : kernel.tasks()) add_task(static_cast<const Task&>(*task));
    for (const CancelScope* scope : kernel.scopes()) add_scope(*scope);
    add_queues();
}

void StateHash::add_task(const Task& task) {
    add_contents(task);
    add(bits(task.must_cancel, task.started, task.has_state) | static_cast<std::uint64_t>(task.cancels_by_others) << 8 |
        static_cast<std::uint64_t>(task.num_cancels_requested) << 32);
    add_label(task.label);
    add_future(task.fut_waiter);
    add_error(task.end_error);
    refer(task.cancel_scope);
    add_group(task.group);
    add_future(task.task_status_future);
    add_handle(task.handle);
    add_frames(task.frame);
}

void StateHash::add_scope(const CancelScope& scope) {
    add_time(scope.deadline);
    add(bits(scope.shield, scope.cancel_called, scope.cancelled_caught, scope.active, scope.cancel_handle) |
        static_cast<std::uint64_t>(scope.timeout_handle.state) << 8 |
        static_cast<std::uint64_t>(scope.pending_uncancellations) << 32);
    add(scope.cancels_at_enter);
    add_label(scope.label);
    refer(scope.parent_scope);
    refer(scope.host_task);
    add(scope.tasks.size() | static_cast<std::uint64_t>(scope.child_scopes.size()) << 32);
    for (const Task* task = scope.tasks.first(); task != nullptr; task = decltype(scope.tasks)::next(*task))
        refer(task);
    for (const CancelScope* child = scope.child_scopes.first(); child != nullptr;
         child = decltype(scope.child_scopes)::next(*child))
        refer(child);
    for (const AskedWaiter* asked = scope.asked_waiters; asked != nullptr; asked = asked->next)
        add_future(asked->waiter);
    add(0);
}

void StateHash::add_group(const TaskGroup* group) {
    if (!meet(group)) return;
    refer(group->cancel_scope);
    add(bits(group->active, group->entered, group->exceptions_deleted, group->child_cancelled) |
        static_cast<std::uint64_t>(group->tasks) << 8 | static_cast<std::uint64_t>(group->child_cancel_reason) << 32);
    add(group->exceptions.count);
    for (std::uint32_t i = 0; i < group->exceptions.count; ++i) add_error(group->exceptions.items[i]);
    add_future(group->on_completed_fut);
    add_label(group->label);
}

void StateHash::add_handle(const TaskHandle* handle) {
    if (!meet(handle)) return;
    refer(handle->cancel_scope);
    add_event(handle->finished_event);
}

void StateHash::add_event(const Event& event) {
    add(bits(event.is_set));
    for (const sim::Task* task = event.first_waiting; task != nullptr; task = task->next_waiting) refer(task);
    add(0);
}

}  // namespace cancelsim::model
