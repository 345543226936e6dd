// Bytes as letters, digits, `-` and `_`: RFC 4648, section 5, without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cancelsim::properties {

std::string to_base64url(std::string_view bytes);
/// Nothing where `text` is not what `to_base64url` gives.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace cancelsim::properties
