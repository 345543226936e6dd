// Messages for people, whatever was put into them.
#pragma once

#include <string>
#include <string_view>

namespace cancelsim::properties {

/// `text` as one line of at most 300 characters: control characters, and bytes that are no UTF-8, come out as `\xNN`,
/// and what is too long ends in `...`.
std::string one_line(std::string_view text);

}  // namespace cancelsim::properties
