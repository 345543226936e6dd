// What the Python notation has beyond the forms of single statements.
#pragma once

#include <array>
#include <string_view>

namespace cancelsim::scenarios {

/// By Catch: the class in the `except`.
inline constexpr std::array<std::string_view, 4> kPythonCaught{"", "asyncio.CancelledError", "Exception",
                                                               "BaseException"};
/// By Then: the last line of the handler.
inline constexpr std::array<std::string_view, 3> kPythonThen{"", "raise", "raise asyncio.CancelledError()"};

/// The parameter by which a task's function gets its task status.
inline constexpr std::string_view kTaskStatus = "task_status";

}  // namespace cancelsim::scenarios
