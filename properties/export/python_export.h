// A failure as a Python file that shows it on the real anyio.
#pragma once

#include <filesystem>
#include <string>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// One file: the case in the Python notation, its schedule, and the events that show the failure. Run with the package
/// `cancelsim`, it exits with 1 where the real library does the same, with 0 where it does otherwise. Throws
/// FailureError for a schedule that asyncio cannot have, and for a failure that does not break.
std::string python_file(const Failure& failure);

/// Writes the package `cancelsim` into a folder. Throws std::filesystem::filesystem_error.
void write_python_package(const std::filesystem::path& folder);

}  // namespace cancelsim::properties
