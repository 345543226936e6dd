// A story on paper.
#pragma once

#include <string>

#include "properties/report/timeline/story.h"

namespace cancelsim::properties {

/// A line a row, a column a task, iteration and virtual time at the left; scopes are brackets in the column of the task
/// that hosts them, and what repeats is folded. Where the columns would not fit, the task's name stands before each
/// row instead, and there are no brackets. Each line is indented by two spaces and ended by LF.
std::string columns_text(const Story& story);

}  // namespace cancelsim::properties
