// The commands as shells and `man` want them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "properties/commands/line/command.h"

namespace cancelsim::properties {

/// The shells that completions can be written for.
Names all_shells();
/// A script that makes the shell complete `cancelsim`: commands, options, and the names that an option takes. `shell`
/// is one of all_shells.
std::string completion_text(std::string_view shell, const std::vector<Command>& commands);

/// The manual page, for `man -l`.
std::string manual_text(const std::vector<Command>& commands);

}  // namespace cancelsim::properties
