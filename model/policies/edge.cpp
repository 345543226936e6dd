// No retry at all: what is swallowed once never comes again.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done()) return;
        if (task.must_cancel) return;
        // The task is eligible for cancellation if it has started
        if (&task != current && (&task == scope.host_task || kernel.task_started(task)) &&
            kernel.can_be_interrupted(task))
            kernel.cancel_on_behalf_of(origin, task);
    });
    return false;
}

}  // namespace

const Policy edge{"edge", 6, "no retry at all: edge-triggered", &deliver};

}  // namespace cancelsim::model::policies
