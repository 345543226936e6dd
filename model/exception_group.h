// Exception groups.
//
// Source: CPython 3.11 Objects/exceptions.c, `BaseExceptionGroup.split`.
#pragma once

#include "sim/error.h"

namespace cancelsim::model {

class Kernel;

/// The two parts of a group, which are new groups, like those in it: null where one is empty.
struct SplitGroup {
    sim::Error* matching = nullptr;
    sim::Error* rest = nullptr;
};

/// `group.split(lambda exc: isinstance(exc, CancelledError) and is_anyio_cancellation(exc))`.
SplitGroup split_anyio_cancellations(Kernel& kernel, sim::Error* group);
/// `group.split(CancelledError)`.
SplitGroup split_cancellations(Kernel& kernel, sim::Error* group);

}  // namespace cancelsim::model
