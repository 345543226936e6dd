// Runs of a program of the user's own, under contracts.
#pragma once

#include <optional>
#include <string>

#include "properties/contracts/runner.h"
#include "properties/failure/known.h"
#include "properties/programs/program_failure.h"

namespace cancelsim::properties {

/// What one run of a failure showed.
struct ProgramAccount {
    bool broken = false;  ///< the failure's contract broke
    std::string place;
    std::optional<PythonPlace> site;
    About about = About::library;
    std::string promise;
    std::string happened;
    std::uint64_t iteration = 0;
    sim::Time time = 0;  ///< nanoseconds from the beginning of the run
    std::uint64_t digest = 0;
    std::string events;                ///< a line each
    const Finding* finding = nullptr;  ///< whose precondition holds there
};

/// Where `contract`, which the last run of `runner` broke, broke; nothing where that is no place of the program's.
std::optional<PythonPlace> site_of(const Runner& runner, const Contract& contract);

/// Runs `failure` again, on a library that can be run. Throws FailureError for an unknown contract, and what LibraryRun
/// does.
ProgramAccount account_of(const ProgramFailure& failure);
/// The same for what was printed some time ago. Throws FailureError where it is stale: where its file has changed, this
/// version runs it otherwise, or its contract holds; NondeterminismError where it cannot be repeated.
ProgramAccount exact_account_of(const ProgramFailure& failure);

/// Throws NondeterminismError, which says what differs first between two runs that should have been one.
[[noreturn]] void fail_as_nondeterministic(const PythonProgram& program, const std::string& events,
                                           const std::string& events_again);

}  // namespace cancelsim::properties
