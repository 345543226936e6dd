// Putting Python text together.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cancelsim::properties::python {

/// `text` with `$NAME$` replaced for every pair (NAME, value), and the line break at its very beginning, which a raw
/// string has for looks, dropped. A `$LINE$` that is all of its line goes with its line break.
std::string filled(std::string_view text,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> values = {});

/// `text` as paragraph of at most 110 columns, each line begun with `indent` and ended by LF.
std::string wrapped(std::string_view text, std::string_view indent = "");

/// `text` fit for a comment or a docstring: printable ASCII, no quote or backslash that could end or alter it.
std::string harmless(std::string_view text);

}  // namespace cancelsim::properties::python
