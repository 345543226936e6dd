// Reading the command line.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "properties/commands/line/command.h"

namespace cancelsim::properties {

/// Sets what the arguments give, and returns what they ask for: a command, help, or the version. Throws UsageError.
std::function<int()> parse(const std::vector<Command>& commands, int count, const char* const* arguments);

}  // namespace cancelsim::properties
