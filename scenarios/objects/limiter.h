// anyio.CapacityLimiter as an object of a case.
#pragma once

#include "model/primitives/capacity_limiter.h"
#include "scenarios/run/objects.h"

namespace cancelsim::scenarios {

struct LimiterObject : Object {
    model::CapacityLimiter limiter;
};

}  // namespace cancelsim::scenarios
