// What the Python notation has beyond the forms of single statements.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// By Catch: the class in the `except`.
inline constexpr std::array<std::string_view, 4> kPythonCaught{"", "asyncio.CancelledError", "Exception",
                                                               "BaseException"};
/// By Then: the last line of the handler.
inline constexpr std::array<std::string_view, 3> kPythonThen{"", "raise", "raise asyncio.CancelledError()"};

/// Whether a task that runs statements [begin, end) may itself say `started`, which needs a task status or its
/// stand-in.
bool says_started(const Case& program, std::uint32_t begin, std::uint32_t end);

}  // namespace cancelsim::scenarios
