// Failures as a person, or a machine, reads them.
#pragma once

#include <string>

#include "properties/failure.h"
#include "properties/hunt.h"

namespace cancelsim::properties {

/// What one run of a failure showed.
struct Account {
    bool broken = false;  ///< the failure's contract broke
    std::string place;
    std::string promise;
    std::string happened;
    std::uint64_t iteration = 0;
    sim::Time time = 0;
    std::uint64_t digest = 0;
    std::string trace;  ///< as CASES.md has it
};

/// Runs `failure` again, and asks its contract what happened. Throws FailureError for an unknown
/// contract.
Account account_of(const Failure& failure);

/// The command that replays it.
std::string replay_command(const Failure& failure);

/// A found failure, over several lines; the last is the command that replays it.
std::string found_text(const Found& found);

/// One JSON object: contract, place, kernel, policy, python, token, statements, schedules ...
std::string found_json(const Found& found);

}  // namespace cancelsim::properties
