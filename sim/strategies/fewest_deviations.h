// Makes a schedule ordinary, as far as it can be.
#pragma once

#include <functional>

#include "sim/strategies/record.h"

namespace cancelsim::sim {

/// Leaves out deviations of `schedule`: all, each half, each one, as long as `breaks` says that it is still wanted;
/// then makes answers smaller. What is cancelled from outside goes with the cancellation.
Schedule fewest_deviations(Schedule schedule, const std::function<bool(const Schedule&)>& breaks);

}  // namespace cancelsim::sim
