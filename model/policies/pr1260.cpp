// anyio's open pull 1260, for issue 1258: the `_must_cancel` skip moves above setting retry. The
// pending cancellation may be somebody else's, who consumes it: then this scope never delivers
// again.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done()) return;
        if (task.must_cancel) return;
        should_retry = true;
        // The task is eligible for cancellation if it has started
        if (&task != current && (&task == scope.host_task || kernel.task_started(task)) &&
            kernel.can_be_interrupted(task))
            kernel.cancel_on_behalf_of(origin, task);
    });
    return should_retry;
}

}  // namespace

const Policy pr1260{"pr1260", 5, "narrow, and a task with a pending cancellation does not set retry (anyio pull 1260)",
                    &deliver};

}  // namespace cancelsim::model::policies
