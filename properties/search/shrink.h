// Makes a failure small: fewest choices away from the ordinary order, and the shortest program.
#pragma once

#include <functional>
#include <utility>

#include "properties/contracts/runner.h"
#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// Whether `runner` breaks `contract` at `place` when it runs `program` under `schedule`.
bool breaks(Runner& runner, const Subject& config, const scenarios::Case& program, const sim::Schedule& schedule,
            std::string_view contract, std::string_view place);

/// Whether a smaller failure of the same contract at the same kind of place is the same failure still.
using KeepsFailure = std::function<bool(const Failure& smaller)>;

/// The smallest failure of the same contract at the same kind of place that `keeps` and that `runs` runs can find;
/// `failure` itself where none is smaller. The digest is brought up to date. The result depends on
/// nothing but the arguments.
Failure shrink(Runner& runner, Failure failure, std::string_view place, std::size_t runs, const KeepsFailure& keeps);
inline Failure shrink(Runner& runner, Failure failure, std::string_view place, std::size_t runs) {
    return shrink(runner, std::move(failure), place, runs, [](const Failure&) { return true; });
}

}  // namespace cancelsim::properties
