// The Python package, laid out where an interpreter finds it.
#pragma once

#include <filesystem>

namespace cancelsim::properties {

/// The package that the binary holds, in a temporary folder of this process: written when it is first asked for,
/// removed when the process exits. What a process that was killed leaves behind is the system's to clean up. Throws
/// UsageError where it cannot be written.
const std::filesystem::path& package_folder();

}  // namespace cancelsim::properties
