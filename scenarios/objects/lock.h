// anyio.Lock as an object of a case.
#pragma once

#include "model/primitives/lock.h"
#include "scenarios/run/objects.h"

namespace cancelsim::scenarios {

struct LockObject : Object {
    model::Lock lock;
};

inline AtRest at_rest_of(const model::Lock& lock) {
    if (lock.owner_task == nullptr) return {1};
    return {0, lock.owner_task->id};
}

}  // namespace cancelsim::scenarios
