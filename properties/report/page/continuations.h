// The odds over time: how likely a failure still was when its run had come so far.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// How many random continuations are tried from each iteration on.
inline constexpr std::uint32_t kContinuations = 1000;

/// Of `kContinuations` runs with all choices up to the end of iteration `fixed` as in the failure, and random ones
/// after that, in how many the same contract breaks at the same kind of place.
struct Chance {
    std::uint64_t fixed;  ///< 0: nothing is
    std::uint32_t failures;
};

struct Continuations {
    /// In the order of `fixed`, from 0. Iterations in which nothing was left open change nothing, and are not there;
    /// nor are others where all failed anyway.
    std::vector<Chance> chances;
    /// From the end of which iteration on all of the continuations failed; it is 0 where all did anyway.
    std::optional<std::uint64_t> certain_from;
};

/// Throws FailureError for an unknown contract. Equal failures have equal results: the random choices come from a fixed
/// seed. Of a long run not all iterations are tried.
Continuations continuations_of(const Failure& failure);

}  // namespace cancelsim::properties
