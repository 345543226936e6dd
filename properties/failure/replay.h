// A failure, run again.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "properties/contracts/contract.h"
#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// A run that was repeated and went otherwise: a fault of the simulator, or of a kernel that
/// consults what it must not.
struct NondeterminismError : std::runtime_error {
    explicit NondeterminismError(const std::string& message, std::uint64_t of_schedule = 0)
        : std::runtime_error(message), schedule(of_schedule) {}
    std::uint64_t schedule;  ///< of a hunt, where it was one
};

/// Of the events of two runs, a line each, that should have been one: the first line that differs, as it was and as it
/// is; empty where none does.
std::string first_difference(std::string_view one, std::string_view other);

/// What one run of a failure showed.
struct Account {
    bool broken = false;  ///< the failure's contract broke
    About about = About::library;
    std::string place;
    std::string promise;
    std::string happened;
    std::uint64_t iteration = 0;
    sim::Time time = 0;
    std::uint64_t digest = 0;
    std::string trace;                       ///< as CASES.md has it
    std::vector<sim::Deviation> not_arisen;  ///< whose questions did not come: only under another subject
};

/// Runs `failure` again, and asks its contract what happened. Throws FailureError for an unknown
/// contract.
Account account_of(const Failure& failure);
/// The same for what was saved or printed some time ago. Throws FailureError where it is stale: where this version runs
/// it otherwise, or its contract holds; NondeterminismError where it cannot be repeated.
Account exact_account_of(const Failure& failure);

/// Its contract alone, for a Runner. Throws FailureError for an unknown one.
Contracts contracts_of(const Failure& failure);

}  // namespace cancelsim::properties
