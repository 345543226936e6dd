// The odds on paper.
#pragma once

#include <span>
#include <string>

#include "properties/search/odds.h"

namespace cancelsim::properties {

/// A row a policy or defect: caught by which contracts, after how many schedules.
std::string odds_text(const OddsOptions& options, std::span<const Odds> odds);
/// The same as tables for a document, with the probabilities of a miss.
std::string odds_markdown(const OddsOptions& options, std::span<const Odds> odds);
/// One JSON object on one line.
std::string odds_json(const OddsOptions& options, std::span<const Odds> odds);

}  // namespace cancelsim::properties
