// Files that are there whole or not at all, whatever ends the process meanwhile.
#pragma once

#include <string>
#include <string_view>

namespace cancelsim::properties {

/// Writes `text` into `folder`/`name`, in the place of what was there. Once this has returned it outlives a power
/// failure. Throws FailureError where it cannot be written; then what was there is still there.
void write_whole(const std::string& folder, const std::string& name, std::string_view text);

/// Makes `folder` if need be, tries to write there, and removes what processes that were killed have left half written.
/// Throws FailureError where nothing can be written.
void prepare_folder(const std::string& folder);

}  // namespace cancelsim::properties
