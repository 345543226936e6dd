// A case as a person would write it with anyio.
#pragma once

#include <string>

#include "properties/export/python/bindings.h"

namespace cancelsim::properties::python {

/// The section of an exported file that is the program: its variables, exceptions and functions. On real time a unit is
/// `UNIT`, which the section defines. Throws FailureError where its blocks nest too deep for Python.
std::string program_section(const scenarios::Case& program, const Bindings& bindings, bool real_time);

/// The lines that tell `loop` what the outside world does, each indented by four.
std::string outside_lines(const scenarios::Case& program, const Bindings& bindings, bool real_time);

/// Seconds, or what virtual time counts, in Python: `UNIT`, `3 * UNIT`, `3`.
std::string units(std::int64_t number, bool real_time);

/// Of a unit on real time.
inline constexpr double kUnitSeconds = 0.05;

}  // namespace cancelsim::properties::python
