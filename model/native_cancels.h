// Native requests, told from those of scopes by their number: for the fix of #1214 only.
//
// asyncio folds a native request and a scope's into one CancelledError, or chains one to the other. That exception is
// anyio's then; but `cancelling()` has counted both.
#pragma once

#include "model/kernel.h"

namespace cancelsim::model {

/// How many requests to `task` no scope made; 0 where the fix is off.
std::uint32_t native_cancels(Kernel& kernel, const Task& task);
/// Those of them whose CancelledError has been thrown into the current `task`; 0 where the fix is off.
std::uint32_t native_cancels_met(Kernel& kernel, const Task& task);
/// Whether more were made than the `met` that it once was.
inline bool native_cancel_came(Kernel& kernel, const Task& task, std::uint32_t met) {
    return native_cancels(kernel, task) > met;
}
/// Cancels the current `task` natively once more, in place of a request whose CancelledError goes no further.
void ask_again_for_native_cancel(Kernel& kernel, Task& task);

}  // namespace cancelsim::model
