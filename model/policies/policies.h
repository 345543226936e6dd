// Every delivery policy that there is. Each is a file of its name; policies.cpp lists them.
#pragma once

#include "model/policies/policy.h"

namespace cancelsim::model::policies {

extern const Policy upstream;
extern const Policy v1;
extern const Policy v2;
extern const Policy v3;
extern const Policy narrow;
extern const Policy pr1260;
extern const Policy edge;
extern const Policy ask_waiter;
extern const Policy event_driven;

}  // namespace cancelsim::model::policies
