// A run as a person reads it: what happened, in order, each thing in the column of whoever did it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

enum class RowKind : std::uint8_t {
    event,   ///< a task, or the outside world, did something
    enter,   ///< the task entered a scope of the program's: a bracket opens in its column
    leave,   ///< it left that scope: the innermost open bracket closes
    pass,    ///< a delivery pass
    choice,  ///< asyncio left something open, and it did not go the ordinary way
    rounds,  ///< a task ran again and again without completing a statement
    broken,  ///< here the contract broke; in no column
    end,     ///< how the run ended; in no column
};

/// What the text of a `choice` begins with.
inline const std::string kByChoice = "by choice: ";

struct Row {
    RowKind kind;
    std::uint64_t iteration;
    sim::Time time;
    std::uint32_t column;  ///< in Story::columns
    std::string text;

    bool operator==(const Row&) const = default;
};

/// A CancelledError was thrown into a task.
struct Interruption {
    std::uint64_t iteration;
    sim::Time time;
    std::string task;   ///< "task `t0`"
    std::string where;  ///< "statement 4 (`sleep`)"
    std::string cause;  ///< who cancelled it: "scope `s0`, which task `main` cancelled in statement 7 (`cancel`) ..."
};

struct Story {
    std::vector<std::string> columns;         ///< the loop, then the tasks as they came into being
    std::vector<Row> rows;                    ///< the last is the `end`
    bool broken = false;                      ///< the contract broke
    std::vector<sim::Question> choices = {};  ///< what each `choice` among the rows answers
    std::vector<Interruption> interruptions = {};
};

/// Runs `failure` again, whether it fails still or not, and tells what happened. Where it names no contract, nothing
/// breaks. Throws FailureError for an unknown one.
Story tell(const Failure& failure);

}  // namespace cancelsim::properties
