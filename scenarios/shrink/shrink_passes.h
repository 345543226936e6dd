// The ways in which the shrinker makes a case smaller.
#pragma once

#include <cstddef>
#include <span>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// One way of making a case smaller, at many places: its steps.
struct ShrinkPass {
    std::size_t (*steps)(const Case& from);
    /// Writes into `into` what step `step` makes of `from`; false where it does not apply.
    bool (*apply)(const Case& from, std::size_t step, Case& into);
};

/// All of them, the most aggressive first.
std::span<const ShrinkPass> shrink_passes();

}  // namespace cancelsim::scenarios
