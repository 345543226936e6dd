// A delivery policy of one's own.
#pragma once

#include "model/policies/policy.h"

/// anyio's pass, but for tasks that wait: it leaves those alone until they run again. Do not do this.
extern const cancelsim::model::Policy lazy;
