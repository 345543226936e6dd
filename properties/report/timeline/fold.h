// What repeats in a story, once.
#pragma once

#include "properties/report/timeline/story.h"

namespace cancelsim::properties {

/// Rows [begin, end) of a story, and how often they come in a row.
struct Fold {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t times = 1;
    std::uint64_t last_iteration = 0;  ///< of the last time's last row
    sim::Time last_time = 0;
};

/// The rows in order; a few rows that come three times or more, the same but for iteration and time, are one fold.
std::vector<Fold> folded(const std::vector<Row>& rows);

}  // namespace cancelsim::properties
