// No polling at all: a pass never schedules another. A task that parks while it is effectively cancelled asks for the
// delivery that it needs, and gets it at once. EVENT_DRIVEN.md says what anyio would have to change.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

/// Whether `cancel()` on `task` would interrupt it. Not where a cancellation is pending already: it takes that one
/// first, and is asked again when it parks next.
bool eligible(const Kernel& kernel, const CancelScope& scope, const Task& task) {
    return !task.done() && !task.must_cancel && &task != kernel.current_task() &&
           (&task == scope.host_task || kernel.task_started(task)) && kernel.can_be_interrupted(task);
}

/// The pass that `cancel()`, un-shielding, and entering or leaving a scope make: once, over all that is parked now.
bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    kernel.for_each_task(scope, [&](Task& task) {
        if (eligible(kernel, scope, task)) kernel.cancel_on_behalf_of(origin, task);
    });
    return false;
}

/// A pass skips a task that runs, or is about to: it comes here when it parks, as do a task that has started only now
/// and one that has swallowed its cancellation.
void parked(Kernel& kernel, Task& task) {
    for (CancelScope* scope = task.cancel_scope; scope != nullptr; scope = scope->parent_scope) {
        kernel.walked(1);
        if (scope->cancel_called) {
            if (eligible(kernel, *task.cancel_scope, task)) kernel.deliver_to_task(*scope, task);
            return;
        }
        if (scope->shield) return;
    }
}

}  // namespace

const Policy event_driven{"event_driven", 8, "no retry; a task that parks while it is cancelled is cancelled there",
                          &deliver, &parked};

}  // namespace cancelsim::model::policies
