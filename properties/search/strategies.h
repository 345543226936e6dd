// Strategies by name, for the command line and the hunt.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sim/choices.h"

namespace cancelsim::properties {

/// A strategy that can be started anew for each run.
class SeededChoices {
public:
    virtual ~SeededChoices() = default;
    /// Starts the schedule that `seed` stands for; null stands for insertion order.
    virtual sim::Choices* begin(std::uint64_t seed) = 0;
};

struct StrategyEntry {
    std::string_view name;
    std::string_view summary;
    /// Null for a strategy that no seed stands for.
    /// `injections` is the most cancellations from outside of a run, where `asked` has that kind.
    std::unique_ptr<SeededChoices> (*make)(sim::ChoiceKinds asked, std::uint32_t injections);
};

std::span<const StrategyEntry> all_strategies();
/// The strategy of that name, among those that a seed can start; null where there is none.
const StrategyEntry* find_strategy(std::string_view name);

}  // namespace cancelsim::properties
