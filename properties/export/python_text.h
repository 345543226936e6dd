// Putting Python text together.
#pragma once

#include <string>
#include <string_view>

namespace cancelsim::properties {

/// `text` as paragraph of at most 110 columns, each line begun with `indent` and ended by LF.
std::string wrapped(std::string_view text, std::string_view indent = "");

/// `text` fit for a comment or a docstring: printable ASCII, no quote or backslash that could end or alter it.
std::string harmless(std::string_view text);

}  // namespace cancelsim::properties
