// The release's own pass. Source: anyio 4.13.0 and 4.14.2, `CancelScope._deliver_cancellation`.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        // Always skip tasks that are already done (see issue #1111)
        if (kernel.version().skips_done_tasks && task.done()) return;
        should_retry = true;
        if (task.must_cancel) return;
        // The task is eligible for cancellation if it has started
        if (&task != current && (&task == scope.host_task || kernel.task_started(task)) &&
            kernel.can_be_interrupted(task))
            kernel.cancel_on_behalf_of(origin, task);
    });
    return should_retry;
}

}  // namespace

const Policy upstream{"upstream", 0, "the pass of the chosen release itself", &deliver};

}  // namespace cancelsim::model::policies
