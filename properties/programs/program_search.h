// Searches a program of the user's own for what it breaks: the ordinary run, then every run that is one choice away
// from it, then random ones.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "properties/failure/label.h"
#include "properties/programs/accepted.h"
#include "properties/programs/coverage.h"
#include "properties/programs/program_run.h"
#include "properties/search/judge.h"

namespace cancelsim::properties {

struct ProgramOptions {
    std::uint32_t injections = 1;        ///< the most cancellations that a run gets from outside
    std::uint64_t limit = 10'000;        ///< schedules that are one choice away from the ordinary run, at most
    std::uint64_t cases = 2'000;         ///< random ones after these; UINT64_MAX: until it is stopped
    std::vector<std::string> contracts;  ///< empty: all, about the library and about the program
    std::uint64_t seed = 1;              ///< of the random schedules
    unsigned jobs = 1;
    bool shrink = true;
    Accepted accepted;
};

/// A contract broken at one place of the program, with the fewest choices away from the ordinary run.
struct ProgramFound {
    ProgramFailure failure;
    ProgramAccount account;
    std::uint64_t schedule = 0;  ///< the first that broke it there, from 0
    Label label = Label::news;
    bool accepted = false;
};
/// The worst that is said of it: `broken`, `program` or `known`, as what was accepted is too.
CaseVerdict verdict_of(const ProgramFound& found);

struct ProgramResult {
    PythonProgram program;
    Subject config;
    std::uint64_t schedules = 0;
    std::uint64_t cut_short = 0;  ///< of them: they had not ended after as many iterations as a run may have
    std::uint64_t lost = 0;       ///< of them: they gave no answer
    double seconds = 0;
    std::vector<ProgramFound> found;  ///< in the order of their first schedules
    Coverage coverage;
};

/// What `one` has found, but for what is known or accepted, and `other` has not.
std::vector<const ProgramFound*> not_in(const ProgramResult& one, const ProgramResult& other);
/// The worst that is said of the program.
CaseVerdict verdict_of(const ProgramResult& result);

struct ProgramNews {
    std::function<void(std::uint64_t schedules, std::size_t failures, double seconds)> progress =
        [](std::uint64_t, std::size_t, double) {};
    std::function<void(const std::string& why)> lost = [](const std::string&) {};  ///< a run gave no answer
};

/// Searches until all schedules have run, `stop` is set, or some were cut short: a program that never comes to its end
/// takes seconds for each. What it finds depends on nothing but the arguments, unless
/// it is stopped or runs are lost. `base` is what failures are compared with: see Labeller. Throws NondeterminismError
/// where a run cannot be repeated; UsageError where the library cannot run the program, or gives no answers;
/// std::invalid_argument for an unknown contract.
ProgramResult search_program(const PythonProgram& program, const Subject& config, const Subject& base,
                             const ProgramOptions& options, std::atomic<bool>& stop, const ProgramNews& news);

}  // namespace cancelsim::properties
