// A failure as a Python file that shows it on the real anyio.
#pragma once

#include <string>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

enum class PythonClock : std::uint8_t {
    automatic,  ///< real time where that shows the failure
    real,
    virtual_time,
};

/// One self-contained file: the case as plain anyio code, the delivery policy where it is not the release's own, and a
/// watch that says whether the failure's promise is kept. Run, it exits with 1 where that is broken, with 0 where it is
/// kept. Throws FailureError for what can't be shown that way, and for a failure that does not break.
std::string python_file(const Failure& failure, PythonClock clock = PythonClock::automatic);

}  // namespace cancelsim::properties
