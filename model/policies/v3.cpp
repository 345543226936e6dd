// The third patch, the "wide" one: v2, and done tasks are skipped.
#include "model/kernel.h"
#include "model/policies/policies.h"

namespace cancelsim::model::policies {

namespace {

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done()) return;
        if (&task == current) return;
        if (task.must_cancel) return;
        // The task is eligible for cancellation if it has started
        if ((&task == scope.host_task || kernel.task_started(task)) && kernel.can_be_interrupted(task)) {
            kernel.cancel_on_behalf_of(origin, task);
            should_retry = true;
        }
    });
    return should_retry;
}

}  // namespace

const Policy v3{"v3", 3, "third patch, the wide one: v2, and done tasks are skipped", &deliver};

}  // namespace cancelsim::model::policies
