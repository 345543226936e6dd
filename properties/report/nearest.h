// What made the difference: the nearest run that keeps the promise.
#pragma once

#include <optional>
#include <string>

#include "properties/report/timeline/story.h"

namespace cancelsim::properties {

/// Where two stories part: the numbers of the first rows that differ, choices aside.
struct Parting {
    std::size_t here = 0;
    std::size_t there = 0;
    std::size_t shared = 0;  ///< rows before it
};
Parting parting_of(const Story& here, const Story& there);

/// A run that differs in as little as can be, and does not break the contract.
struct Neighbour {
    std::string change;  ///< what is different, such as "under 4.13.0 narrow"
    Failure run;         ///< what to run; its contract holds
    Story story;
    Parting parting;
};

/// The nearest passing run of a failure whose story is `here`. Where the schedule has deviations: with the fewest of
/// them taken back. Else, or if that is not enough, the same program and schedule with the first of these that passes:
/// without a defect, under `narrow`, on the newest release, under `ask_waiter`, with a fix, under `event_driven`. Else
/// with one more choice. Nothing where all of them break it.
std::optional<Neighbour> nearest_passing(const Failure& failure, const Story& here);

}  // namespace cancelsim::properties
