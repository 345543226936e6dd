// What a case names of asyncio's own.
#pragma once

#include "model/cancel_scope.h"
#include "sim/asyncio/taskgroups.h"
#include "sim/asyncio/timeouts.h"

namespace cancelsim::scenarios {

/// `async with asyncio.timeout(...)`, with what it is called.
struct NamedTimeout {
    sim::ObjectId id;
    sim::asyncio::Timeout timeout;
    model::Label label;
};

/// `async with asyncio.TaskGroup()`, with what it is called.
struct NamedAsyncioGroup {
    sim::ObjectId id;
    sim::asyncio::TaskGroup group;
    model::Label label;
};

}  // namespace cancelsim::scenarios
