// The first patch of the series: retry is set only for a task with `_must_cancel`, or when
// `cancel()` was called in this pass.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.must_cancel) {
            should_retry = true;
            return;
        }
        // The task is eligible for cancellation if it has started
        if (&task != current && (&task == scope.host_task || kernel.task_started(task)) &&
            kernel.can_be_interrupted(task)) {
            kernel.cancel_on_behalf_of(origin, task);
            should_retry = true;
        }
    });
    return should_retry;
}

}  // namespace

const Policy v1{"v1", 1, "first patch of the series: retry only for a pending cancellation, or one made in this pass",
                &deliver};

}  // namespace cancelsim::model::policies
