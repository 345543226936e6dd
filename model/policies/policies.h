// Every delivery policy that there is: each is a file of its name in this folder, and the build makes the list of them.
#pragma once

#include "model/policies/policy.h"

namespace cancelsim::model::policies {

#define CANCELSIM_POLICY(name) extern const Policy name;
#include "policies.inc"
#undef CANCELSIM_POLICY

}  // namespace cancelsim::model::policies
