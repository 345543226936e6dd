// A run of a program of the user's own, as a person reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/programs/program_run.h"

namespace cancelsim::properties {

struct ProgramRow {
    enum class Kind : std::uint8_t {
        event,
        outside,  ///< somebody outside cancelled something
        broken,   ///< here the contract broke
        end,      ///< how the run ended
    };
    Kind kind = Kind::event;
    std::uint64_t iteration = 0;
    sim::Time time = 0;  ///< nanoseconds from the beginning of the run
    std::string who;     ///< a task, `the loop` or `outside`; empty for the last two kinds
    std::string text;

    bool operator==(const ProgramRow&) const = default;
};

struct ProgramStory {
    std::vector<ProgramRow> rows;  ///< the last is the end
    bool broken = false;           ///< the contract broke
};

/// Runs `failure` again, whether it fails still or not, and tells what happened. Throws what account_of does.
ProgramStory tell(const ProgramFailure& failure);

/// Of a failure that has choices: the same run without the last of them.
struct ProgramNeighbour {
    std::string change;
    ProgramStory story;
    std::size_t shared = 0;  ///< rows at the beginning that are the same in both
};

struct ProgramExplanation {
    ProgramAccount account;
    ProgramStory story;
    std::vector<ProgramNeighbour> nearest;  ///< one, or none: where no choice made the difference
};
/// Throws what exact_account_of does.
ProgramExplanation explain(const ProgramFailure& failure);

}  // namespace cancelsim::properties
