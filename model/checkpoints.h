// Sleeping, the three checkpoints, and timeouts.
//
// Source: anyio 4.13.0 src/anyio/_backends/_asyncio.py, `class AsyncIOBackend`;
// src/anyio/_core/_tasks.py, `fail_after`; CPython 3.11.7 Lib/asyncio/tasks.py, `sleep`.
#pragma once

#include "model/cancel_scope.h"

namespace cancelsim::model {

/// `await asyncio.sleep(delay)` in the current task, up to where it parks: a bare yield where
/// `delay` is not positive.
sim::Poll sleep(Kernel& kernel, Task& task, Time delay);
/// The rest of it, when the task was resumed.
void sleep_ends(Kernel& kernel, Task& task);

/// Whether `checkpoint_if_cancelled` yields at all. Once it does, it loops on `sleep(0)` until an
/// exception arrives.
bool checkpoint_if_cancelled_yields(Kernel& kernel, const Task& task);

/// The frame of `cancel_shielded_checkpoint`.
sim::Frame& cancel_shielded_checkpoint(Kernel& kernel);

/// The `__exit__` of `fail_after`'s context manager around `scope`.
ExitResult fail_after_exit(Kernel& kernel, CancelScope& scope, Error* exc_val);

}  // namespace cancelsim::model
