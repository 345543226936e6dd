// A failure's run as Chrome's trace format has it, which https://ui.perfetto.dev opens.
#pragma once

#include <string>

#include "properties/report/page/picture.h"

namespace cancelsim::properties {

/// JSON. Tasks are threads, and the loop is one; scopes are slices around what their tasks do, each row of the story is
/// a short slice, and cancels and deliveries are flows between these. An iteration takes a millisecond; virtual time is
/// a counter. `name` is that of the process.
std::string perfetto_text(const Picture& picture, const std::string& name);

}  // namespace cancelsim::properties
