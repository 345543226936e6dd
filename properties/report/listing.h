// What there is to choose from: releases, policies, contracts, strategies, switches; and the findings.
#pragma once

#include <string>

namespace cancelsim::properties {

/// All of them, each with a sentence, as wide as the terminal.
std::string list_text();
/// One object: a list of `{"name", "summary"}` for each kind. Without an LF.
std::string list_json();

}  // namespace cancelsim::properties
