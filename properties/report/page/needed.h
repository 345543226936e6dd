// Which lines of a program matter to its failure.
#pragma once

#include <vector>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// By statement: whether the contract does not break at the same kind of place any more where that statement is left
/// out, and of a block, or of what makes a task, its body with it or without. Throws FailureError for an unknown
/// contract.
std::vector<bool> needed_statements(const Failure& failure);

}  // namespace cancelsim::properties
