// The state that the policy `ask_waiter` keeps of a scope.
#pragma once

#include "model/cancel_scope.h"

namespace cancelsim::model {

/// A waiter that a scope has asked to run its pass again, until it does.
struct AskedWaiter {
    CancelScope* origin;
    const sim::Future* waiter;  ///< null once it has called back
    AskedWaiter* next;
};

}  // namespace cancelsim::model
