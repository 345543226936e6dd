// What the delivery passes of all policies share: `_deliver_cancellation` of anyio 4.13.0, less the
// loop over the tasks.
#include "model/kernel.h"

namespace cancelsim::model {

void Kernel::run_pass(sim::Loop& loop, void* argument) {
    CancelScope& scope = *static_cast<CancelScope*>(argument);
    static_cast<Kernel&>(loop).deliver_cancellation(scope, scope);
}

bool Kernel::deliver_cancellation(CancelScope& scope, CancelScope& origin) {
    if (&scope != &origin) return config_.policy->deliver(*this, scope, origin);
    delivered_.clear();
    emit({.kind = events::pass_begins, .subject = &scope});
    const bool retry = config_.policy->deliver(*this, scope, origin);
    emit({.kind = events::deliver, .flag = scope.cancel_handle, .subject = &scope});
    return retry;
}

void Kernel::cancel_on_behalf_of(CancelScope& origin, Task& task) {
    emit({.kind = events::delivered_to, .task = &task, .subject = &origin});
    delivered_.push_back(&task);
    cancel_task(task, origin.cancel_reason());
    if (&task == origin.host_task) ++origin.pending_uncancellations;
}

bool Kernel::deliver_to_child_scopes(CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    in_set_order(scope.child_scopes, [&](CancelScope& child) {
        if (!child.shield && !child.cancel_called)
            should_retry = config_.policy->deliver(*this, child, origin) || should_retry;
    });
    return should_retry;
}

bool Kernel::schedule_retry(CancelScope& scope, CancelScope& origin, bool should_retry) {
    if (&origin == &scope) {
        scope.cancel_handle = should_retry;
        if (should_retry) call_soon_polling(&run_pass, &scope);
    }
    return should_retry;
}

}  // namespace cancelsim::model
