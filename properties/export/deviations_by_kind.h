// A schedule as the Python package has it.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "properties/failure/failure.h"
#include "sim/choices.h"

namespace cancelsim::properties {

/// Per kind, pairs of the number of a question of that kind, from 0, and an answer that is not the default.
using KindDeviations = std::array<std::vector<std::pair<std::uint32_t, std::uint32_t>>, sim::kChoiceKinds>;

/// The schedule of `failure`, each kind's own questions counted. Throws FailureError for one that asyncio never has.
KindDeviations deviations_by_kind(const Failure& failure);

/// Answers by kind: what an exported file does, also on another kernel, where other questions come in between.
class ChoicesByKind : public sim::Choices {
public:
    explicit ChoicesByKind(const KindDeviations& deviations);
    std::uint32_t choose(const sim::Question& question, std::uint32_t count) override;

private:
    const KindDeviations& deviations_;
    std::array<std::uint32_t, sim::kChoiceKinds> questions_{};
};

}  // namespace cancelsim::properties
