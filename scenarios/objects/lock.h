// anyio.Lock as an object of a case.
#pragma once

#include "model/primitives/lock.h"
#include "scenarios/run/objects.h"

namespace cancelsim::scenarios {

struct LockObject : Object {
    model::Lock lock;
};

}  // namespace cancelsim::scenarios
