// Exception groups.
//
// Source: CPython 3.11 Objects/exceptions.c, `BaseExceptionGroup.split`.
#pragma once

#include "sim/error.h"

namespace cancelsim::model {

class Kernel;

/// The two halves of a group: null where one is empty, the group itself where it is everything.
struct SplitGroup {
    sim::Error* matching = nullptr;
    sim::Error* rest = nullptr;
};

/// `group.split(lambda exc: isinstance(exc, CancelledError) and is_anyio_cancellation(exc))`.
SplitGroup split_anyio_cancellations(Kernel& kernel, sim::Error* group);

}  // namespace cancelsim::model
