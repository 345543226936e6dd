// The event loop of an exported file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/choices.h"

namespace cancelsim::properties::python {

/// The deviations of a schedule, each kind's own questions counted from 0: by kind, pairs (question, answer).
using KindDeviations = std::array<std::vector<std::pair<std::uint32_t, std::uint32_t>>, sim::kChoiceKinds>;

struct LoopNeeds {
    std::string_view task_class;  ///< what its tasks are
    bool tells_parked = false;    ///< it calls `parked(task)` when a task has given way
};

/// A class `WatchedLoop` on real time: asyncio's loop as it is, which lets the watch look before each iteration.
std::string real_loop(const LoopNeeds& needs);

/// The same on virtual time, by the rules of CASES.md, with the schedule that `deviations` say.
std::string virtual_loop(const LoopNeeds& needs, const KindDeviations& deviations, std::int64_t budget);

}  // namespace cancelsim::properties::python
