#include "lazy_policy.h"

#include "model/kernel.h"

namespace {

using cancelsim::model::CancelScope;
using cancelsim::model::Kernel;
using cancelsim::model::Task;

bool deliver(Kernel& kernel, CancelScope& scope, CancelScope& origin) {
    bool should_retry = false;
    Task* current = kernel.current_task();
    kernel.for_each_task(scope, [&](Task& task) {
        if (task.done() || task.fut_waiter != nullptr) return;
        should_retry = true;
        if (task.must_cancel || &task == current) return;
        if (&task == scope.host_task || kernel.task_started(task)) kernel.cancel_on_behalf_of(origin, task);
    });
    return should_retry;
}

}  // namespace

const cancelsim::model::Policy lazy{"lazy", 100, "leaves tasks that wait alone", &deliver};
