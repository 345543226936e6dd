// Who waits in a primitive of asyncio's.
#pragma once

#include "sim/future.h"
#include "sim/ordered_set.h"

namespace cancelsim::sim::asyncio {

/// A future in a primitive's `_waiters`, `_getters` or `_putters`: a part of the frame that awaits it.
struct Waiter {
    Future future;
    SetLinks<Waiter> in_queue;
};

/// A `collections.deque` of waiters: first come, first served.
using Waiters = OrderedSet<Waiter, &Waiter::in_queue>;

}  // namespace cancelsim::sim::asyncio
