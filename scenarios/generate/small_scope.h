// Every small case there is: what `cancelsim verify` runs. properties/VERIFY.md states the alphabet.
#pragma once

#include <cstdint>
#include <functional>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// The most statements that a small case has: with more, nobody would wait for the end.
inline constexpr std::uint32_t kMostSmallStatements = 8;

/// Calls `visit` for each case of exactly `statements` (at most kMostSmallStatements) statements of the alphabet, once
/// each up to renaming and in a fixed order, until it returns false. The case is valid while `visit` runs; it has no
/// environment, and its name is empty.
void for_each_small_case(std::uint32_t statements, const std::function<bool(Case&)>& visit);

}  // namespace cancelsim::scenarios
