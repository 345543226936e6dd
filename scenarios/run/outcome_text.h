// How an exception prints: CASES.md, "Outcomes".
#pragma once

#include <string>
#include <vector>

#include "sim/error.h"

namespace cancelsim::scenarios {

/// Of `error`, which may be null; `names` has those of the program's own exceptions, by sim::Error::name.
std::string outcome_text(const sim::Error* error, const std::vector<std::string>& names);

}  // namespace cancelsim::scenarios
