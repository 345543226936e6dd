// A case as a person reads it: close to the Python that it stands for.
#pragma once

#include <string>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// Statement `index` in one line, such as `with CancelScope(shield=True) as s0:`; a block without
/// its statements.
std::string statement_text(const Case& program, std::uint32_t index);

/// The whole program, a line a statement, each line indented by `indent` spaces and ended by LF.
std::string program_text(const Case& program, std::size_t indent = 0);

}  // namespace cancelsim::scenarios
