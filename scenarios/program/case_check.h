// Whether a case in memory is one that CASES.md allows.
#pragma once

#include <string>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// The first thing that is wrong with `program`, in a sentence; empty if it is valid. The reader of JSON needs no such
/// check, since it builds what it read; the generator and the shrinker are held to it.
std::string why_invalid(const Case& program);

}  // namespace cancelsim::scenarios
