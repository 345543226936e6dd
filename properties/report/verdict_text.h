// A verdict on paper.
#pragma once

#include <string>

#include "properties/search/verdict.h"

namespace cancelsim::properties {

/// The matrix, a row a contract and a column a kernel, then the smallest case of each broken cell with the command that
/// replays it.
std::string verdict_text(const Verdict& verdict);
/// The same as tables for a document.
std::string verdict_markdown(const Verdict& verdict);
/// One JSON object on one line.
std::string verdict_json(const Verdict& verdict);

}  // namespace cancelsim::properties
