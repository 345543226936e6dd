// Colour on a terminal, none elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace cancelsim::properties {

/// Which of the standard streams are terminals that want colour (NO_COLOR is honoured).
bool stdout_is_terminal();
bool stderr_is_terminal();

/// `text` as it shall appear on standard output.
std::string bold(std::string_view text);
std::string dim(std::string_view text);
std::string red(std::string_view text);
std::string green(std::string_view text);
std::string yellow(std::string_view text);

}  // namespace cancelsim::properties
