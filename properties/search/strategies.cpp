#include "properties/search/strategies.h"

#include <array>

#include "sim/strategies/pct.h"
#include "sim/strategies/random.h"
#include "sim/strategies/reversed.h"

namespace cancelsim::properties {

namespace {

class InsertionOrder : public SeededChoices {
public:
    InsertionOrder(sim::ChoiceKinds, std::uint32_t) {}
    sim::Choices* begin(std::uint64_t) override { return nullptr; }
};

class ReversedOrder : public SeededChoices {
public:
    ReversedOrder(sim::ChoiceKinds, std::uint32_t) {}
    sim::Choices* begin(std::uint64_t) override { return &choices_; }

private:
    sim::Reversed choices_;
};

template <class Choices>
class Seeded : public SeededChoices {
public:
    Seeded(sim::ChoiceKinds asked, std::uint32_t injections) : choices_(asked, injections) {}
    sim::Choices* begin(std::uint64_t seed) override {
        choices_.begin(seed);
        return &choices_;
    }

private:
    Choices choices_;
};

template <class Strategy>
std::unique_ptr<SeededChoices> make(sim::ChoiceKinds asked, std::uint32_t injections) {
    return std::make_unique<Strategy>(asked, injections);
}

constexpr std::array kStrategies{
    StrategyEntry{"insertion", "sets in insertion order, nothing late: the predictable default", &make<InsertionOrder>},
    StrategyEntry{"reversed", "sets in the reverse of insertion order", &make<ReversedOrder>},
    StrategyEntry{"random", "every choice at random", &make<Seeded<sim::RandomChoices>>},
    StrategyEntry{"pct", "a habit for the whole run, and up to three choices otherwise, at random places",
                  &make<Seeded<sim::PctChoices>>},
    StrategyEntry{"exhaustive", "every schedule of a case: what `verify` does", nullptr},
    StrategyEntry{"replay", "the choices of a failure again: what `replay` does", nullptr},
};

}  // namespace

std::span<const StrategyEntry> all_strategies() { return kStrategies; }

const StrategyEntry* find_strategy(std::string_view name) {
    for (const StrategyEntry& entry : kStrategies)
        if (entry.name == name && entry.make != nullptr) return &entry;
    return nullptr;
}

}  // namespace cancelsim::properties
