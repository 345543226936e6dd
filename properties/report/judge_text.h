// What was said of a case, as a person or a machine reads it.
#pragma once

#include <string>

#include "properties/search/judge.h"

namespace cancelsim::properties {

/// A line with the case's name and verdict; where it is not kept, a line each for further failures, and with `details`
/// what happened and the command that replays it.
std::string judged_text(const Judged& judged, bool details);
/// One JSON object.
std::string judged_json(const Judged& judged);

}  // namespace cancelsim::properties
