// A story with what a drawing of it needs: which scopes are around which task from row to row, and who cancels whom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "properties/report/timeline/story.h"

namespace cancelsim::properties {

/// What goes from the lane of a row to another lane, or back to its own.
struct Arrow {
    enum class Kind : std::uint8_t {
        cancel,    ///< a scope is cancelled: to the lane of its host
        delivery,  ///< a pass cancels a task
        native,    ///< a task is cancelled by asyncio's own `cancel()`
    };
    Kind kind;
    std::size_t row;    ///< in Story::rows
    std::uint32_t to;   ///< in Story::columns
    std::string scope;  ///< that is cancelled, or whose pass it is; empty of a native one
    bool to_done;       ///< the task, which is to take it, was done already
};

/// A scope around a task, from row `from` up to row `to`, which is not one of them any more.
struct Band {
    std::uint32_t lane;  ///< of the task, in Story::columns
    std::size_t scope;   ///< in Picture::scopes
    std::size_t depth;   ///< how many scopes are around it there
    std::size_t from;
    std::size_t to;
};

struct PictureScope {
    /// What it is from a row on.
    struct State {
        std::size_t row;
        bool shield;
        bool cancelled;
        bool left;           ///< it is not active, though a task may still be in it
        sim::Time deadline;  ///< kInfinity: none

        bool operator==(const State&) const = default;
    };
    std::string name;
    std::optional<std::uint32_t> host;  ///< the lane of the task that entered it, where one did
    std::vector<State> states;          ///< in order; the first is how it began
};

/// When a task was there: from the row `from`; `to` is the row in which it ended, if it did.
struct Life {
    std::size_t from = 0;
    std::optional<std::size_t> to;
};

struct Picture {
    Story story;
    std::vector<std::uint32_t> statements;  ///< of each row: at which its task was; kNoStatement where it was at none
    std::vector<Life> lives;                ///< of each column; that of the loop is endless
    std::vector<PictureScope> scopes;       ///< those that the program names, in order of creation
    std::vector<Band> bands;
    std::vector<Arrow> arrows;
    // Where the contract broke:
    std::uint32_t site = scenarios::kNoStatement;  ///< the statement that ran
    /// The tasks that were not done then, each with the statement at which it was.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> standing;  ///< column, statement
};

/// Runs `failure` again, whether it fails still or not. Throws FailureError for an unknown contract.
Picture picture_of(const Failure& failure);

}  // namespace cancelsim::properties
