// 4.13.0's own pass with done tasks skipped at the top of the loop: one line, and 4.14.2's own
// since.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done()) return;
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

const Policy narrow{"narrow", 4, "4.13.0's pass with done tasks skipped", &deliver};

}  // namespace cancelsim::model::policies
