// Why a command cannot go on, by whose fault.
#pragma once

#include <stdexcept>

namespace cancelsim::properties {

/// Bad usage or input: one line, for standard error.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace cancelsim::properties
