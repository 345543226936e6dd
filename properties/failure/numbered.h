// Schedules of the first version of tokens and saved failures, which knew a question by its number in the run.
#pragma once

#include <vector>

#include "model/kernel.h"
#include "scenarios/program/case.h"
#include "sim/strategies/record.h"

namespace cancelsim::properties {

/// The same schedule with the names of its questions: found by running it. Deviations that the run does not come by are
/// left out. `numbered` must be in the order of the questions.
sim::Schedule named(const model::Config& config, const scenarios::Case& program, sim::ChoiceKinds asked,
                    const std::vector<sim::NumberedDeviation>& numbered);

}  // namespace cancelsim::properties
