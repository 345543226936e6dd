#include "model/native_cancels.h"

#include <algorithm>

namespace cancelsim::model {

std::uint32_t native_cancels(Kernel& kernel, const Task& task) {
    if (!kernel.has(Fix::asks_again_for_native_cancel)) return 0;
    std::uint32_t count = task.num_cancels_requested - std::min(task.num_cancels_requested, task.cancels_by_others);
    for (const CancelScope* at = task.cancel_scope; at != nullptr && count != 0; at = at->parent_scope) {
        kernel.walked(1);
        if (at->host_task == &task) count -= std::min(count, at->pending_uncancellations);
    }
    return count;
}

std::uint32_t native_cancels_met(Kernel& kernel, const Task& task) {
    // A pass skips the current task: what is pending for it is its own native request.
    const std::uint32_t count = native_cancels(kernel, task);
    return count - std::min(count, task.must_cancel ? 1U : 0U);
}

void ask_again_for_native_cancel(Kernel& kernel, Task& task) {
    const By by = kernel.by(By::Kind::again);
    kernel.uncancel(task, by);
    kernel.cancel_task(task, 0, by);
}

}  // namespace cancelsim::model
