// Why a command cannot go on, by whose fault.
#pragma once

#include <stdexcept>

namespace cancelsim::properties {

/// Bad usage or input: one line, for standard error.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A run that gave no answer: it went beyond its limits, or its worker died, was killed because it took too long, or
/// said what nobody can read. One line. The next run may give one.
struct RunLost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace cancelsim::properties
