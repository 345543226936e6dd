// Why a run failed: its story, and the nearest run that does not fail.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/report/nearest.h"
#include "properties/report/report.h"

namespace cancelsim::properties {

struct Explanation {
    Account account;
    Story story;
    std::optional<Neighbour> nearest;
    Labelled labelled = {};
};

/// Throws FailureError where the failure is stale, NondeterminismError where it cannot be repeated.
Explanation explain(const Failure& failure);

/// Over several lines; the last is the command that replays it.
std::string explanation_text(const Failure& failure, const Explanation& explanation);

/// One JSON object.
std::string explanation_json(const Failure& failure, const Explanation& explanation);

/// A contract that a run breaks.
struct BrokenInRun {
    std::string contract;
    std::string place;
    About about = About::library;
    Labelled labelled;
    std::string happened;

    /// What the exit code is about.
    bool counts() const { return about == About::program || labelled.label == Label::news; }
};

/// A run of which nothing is known.
struct ExplainedRun {
    Story story;
    std::vector<BrokenInRun> broken;  ///< in the order in which it was
};

/// Runs the program of `run`, which names no contract, under its schedule, and judges it by all contracts.
ExplainedRun explain_run(const Failure& run);
/// Its story, who was cancelled by whom, and what it breaks, over several lines.
std::string run_text(const Failure& run, const ExplainedRun& explained);
/// One JSON object.
std::string run_json(const Failure& run, const ExplainedRun& explained);

}  // namespace cancelsim::properties
