// Text in lines that a terminal holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cancelsim::properties {

/// How many columns of a terminal `text` takes: its code points.
std::size_t width_of(std::string_view text);

/// `text` in lines of at most `width` columns, those after the first begun with `indent`. Breaks at spaces; a word that
/// is too long stays whole.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, const std::string& indent);

}  // namespace cancelsim::properties
