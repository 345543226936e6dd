// A comparison with recorded corpora, as a person reads it.
#pragma once

#include <string>
#include <vector>

#include "properties/recorded/corpora.h"

namespace cancelsim::properties {

/// A line a file, with its differences, and the sum.
std::string corpora_text(const std::vector<CorpusResult>& results);

}  // namespace cancelsim::properties
