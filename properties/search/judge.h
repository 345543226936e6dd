// Judges a program: every schedule of it that asyncio leaves open, or as many as there is time for.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "properties/failure/label.h"
#include "scenarios/program/case.h"

namespace cancelsim::properties {

struct JudgeOptions {
    std::uint64_t limit = 10'000;        ///< schedules that are run one after another, fewest deviations first
    std::uint64_t cases = 2'000;         ///< random ones after these, where there are more
    std::vector<std::string> contracts;  ///< empty: all, about the library and about the program
    std::uint64_t seed = 1;              ///< of the random schedules
};

/// A contract broken at one kind of place, by the first schedule that breaks it there: mostly with the fewest
/// deviations.
struct JudgedFailure {
    Failure failure;
    std::string place;
    std::string site;  ///< `statement 3 (`sleep`)`; empty where no statement ran
    About about = About::library;
    Label label = Label::news;
    const Finding* finding = nullptr;
    std::uint64_t iteration = 0;
    sim::Time time = 0;
    std::string happened;
};

/// The worst that is said of a case, from the worst to the best.
enum class CaseVerdict : std::uint8_t {
    broken,   ///< the library breaks a promise, and nobody has reported it
    program,  ///< the program does what a program must not
    known,    ///< only findings, and what the release itself does too
    kept,
};
/// `broken`, `program`, `known`, `kept`.
std::string_view name_of(CaseVerdict verdict);

struct Judged {
    std::string name;  ///< of the case
    Subject config;
    CaseVerdict verdict = CaseVerdict::kept;
    std::uint64_t schedules = 0;
    bool exhausted = false;               ///< there are no other schedules
    std::vector<std::string> lost;        ///< why a run on a library gave no answer, a line each
    std::vector<JudgedFailure> failures;  ///< the worst first
};

/// Judges `program` on `config`; what it breaks is compared with `base`. Ends early once `stop` is set. Throws
/// NondeterminismError where a failure does not replay; UsageError where a library gives no answers;
/// std::invalid_argument for an unknown contract.
Judged judge(const scenarios::Case& program, const Subject& config, const Subject& base, const JudgeOptions& options,
             const std::atomic<bool>& stop);

}  // namespace cancelsim::properties
