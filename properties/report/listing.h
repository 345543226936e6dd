// What there is to choose from: kernels, policies, contracts, strategies, defects.
#pragma once

#include <string>

namespace cancelsim::properties {

/// All of them, each with a sentence.
std::string list_text();

}  // namespace cancelsim::properties
