// Why a run failed: its story, and the nearest run that does not fail.
#pragma once

#include <optional>
#include <string>

#include "properties/report/nearest.h"
#include "properties/report/report.h"

namespace cancelsim::properties {

struct Explanation {
    Account account;
    Story story;
    std::optional<Neighbour> nearest;
};

/// Throws FailureError where the failure is stale, NondeterminismError where it cannot be repeated.
Explanation explain(const Failure& failure);

/// Over several lines; the last is the command that replays it.
std::string explanation_text(const Failure& failure, const Explanation& explanation);

/// One JSON object.
std::string explanation_json(const Failure& failure, const Explanation& explanation);

}  // namespace cancelsim::properties
