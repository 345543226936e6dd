// The words for a subject, in tokens and saved failures.
#pragma once

#include <string_view>

namespace cancelsim::properties {

inline constexpr std::string_view kModel = "model";
inline constexpr std::string_view kLibrary = "library";
/// In the place of anyio's release where there is no anyio.
inline constexpr std::string_view kNone = "none";

}  // namespace cancelsim::properties
