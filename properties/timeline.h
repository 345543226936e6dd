// A trace as a person reads it: a line an event, repetitions folded.
#pragma once

#include <string>

#include "scenarios/case.h"

namespace cancelsim::properties {

/// The timeline of a run of `program` whose trace is `trace`, a line of CASES.md: iteration,
/// virtual time, task, what happened. Each line is indented by two spaces and ended by LF.
std::string timeline(const scenarios::Case& program, const std::string& trace);

}  // namespace cancelsim::properties
