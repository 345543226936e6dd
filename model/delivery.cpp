// What the delivery passes of all policies share: `_deliver_cancellation` of anyio 4.13.0, less the
// loop over the tasks.
#include <algorithm>

#include "model/native_cancels.h"

namespace cancelsim::model {

namespace {

/// Whether the host of `scope`, which is entered, is in a shielded scope inside it.
bool host_is_shielded_in(const CancelScope& scope) {
    const CancelScope* at = scope.host_task->cancel_scope;
    for (; at != nullptr && at != &scope; at = at->parent_scope)
        if (at->shield) return true;
    return false;
}

/// A future that is nobody's sleep, event or end: the program's own.
bool waits_on_bare_future(const Task& task) {
    return task.fut_waiter != nullptr && task.fut_waiter != &task.waiter && !task.fut_waiter->is_task;
}

}  // namespace

void Kernel::run_pass(sim::Loop& loop, void* argument) {
    CancelScope& scope = *static_cast<CancelScope*>(argument);
    loop.only_polled();
    static_cast<Kernel&>(loop).deliver_cancellation(scope);
}

bool Kernel::deliver_cancellation(CancelScope& scope) {
    delivered_.clear();
    const bool retry = config_.policy->deliver(*this, scope, scope);
    emit({.kind = events::deliver, .flag = scope.cancel_handle, .subject = &scope});
    return retry;
}

void Kernel::cancel_on_behalf_of(CancelScope& origin, Task& task) {
    if (has(Defect::d199) && waits_on_bare_future(task)) [[unlikely]]
        return;
    emit({.kind = events::delivered_to, .task = &task, .subject = &origin});
    delivered_.push_back(&task);
    cancel_task_told_of(task, origin.cancel_reason());
    if (&task == origin.host_task || has(Defect::d774u))
        ++origin.pending_uncancellations;
    else if (has(Defect::d1214)) [[unlikely]]
        ++task.cancels_by_others;
    if (has(Defect::d1214) && &task == origin.host_task) [[unlikely]]  // the program may have called uncancel()
        origin.cancels_at_enter = std::min(origin.cancels_at_enter, native_cancels(*this, task));
}

void Kernel::deliver_to_task(CancelScope& origin, Task& task) {
    delivered_.clear();
    cancel_on_behalf_of(origin, task);
    emit({.kind = events::deliver, .flag = origin.cancel_handle, .subject = &origin});
}

bool Kernel::deliver_to_child_scopes(CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    in_set_order(scope.child_scopes, [&](CancelScope& child) {
        if (has(Defect::d642) && host_is_shielded_in(child)) [[unlikely]]
            return;
        if ((!child.shield || has(Defect::d642b)) && !child.cancel_called)
            should_retry = config_.policy->deliver(*this, child, origin) || should_retry;
    });
    return should_retry;
}

bool Kernel::schedule_retry(CancelScope& scope, CancelScope& origin, bool should_retry) {
    if (&origin == &scope) {
        scope.cancel_handle = should_retry;
        if (should_retry) call_soon(&run_pass, &scope);
    }
    return should_retry;
}

}  // namespace cancelsim::model
