// Names that a person has nearly written.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace cancelsim::properties {

/// The edits that make `b` of `a`: letters left out, added, replaced, and neighbours that changed places.
std::size_t edits_between(std::string_view a, std::string_view b);

/// ` (did you mean NAME?)` where one of `names` is near to `word`, else empty.
std::string did_you_mean(std::string_view word, std::span<const std::string> names);

}  // namespace cancelsim::properties
