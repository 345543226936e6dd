// Times on the command line.
#pragma once

#include <string>

namespace cancelsim::properties {

/// The seconds of `--time`: `30s`, `5m`, `2h`, or a number of seconds. Throws UsageError.
double seconds_of(const std::string& text);

}  // namespace cancelsim::properties
