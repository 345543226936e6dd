// Colour on a terminal, none elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cancelsim::properties {

/// Whether text is coloured. By terminal: where standard output is one, unless NO_COLOR is set to anything (but the
/// empty text), or TERM is `dumb`.
enum class Colour : std::uint8_t { by_terminal, always, never };
void use_colour(Colour colour);

/// How many columns text may take: COLUMNS where that is set to a number, those of the terminal where standard output
/// is one, and 120 elsewhere; from 40 to 120.
std::size_t columns_of_output();

bool stdout_is_terminal();
bool stderr_is_terminal();

/// `text` as it shall appear on standard output.
std::string bold(std::string_view text);
std::string dim(std::string_view text);
std::string red(std::string_view text);
std::string green(std::string_view text);
std::string yellow(std::string_view text);

}  // namespace cancelsim::properties
