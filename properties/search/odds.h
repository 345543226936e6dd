// The odds: how many schedules it takes to find a bug.
//
// A kernel with a bug is held against its twin without: a *catch* is a schedule on which a contract breaks at a kind of
// place where the twin breaks it on none of its schedules. The twin runs every schedule of every seed; so what the
// release does by itself is never counted as a catch, however rare it is.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// A kernel with a bug, and the same without.
struct Twins {
    std::string name;  ///< of the policy or the defect
    model::Config bad;
    model::Config good;
    /// The contracts that are expected to catch it. Empty: no contract speaks of it.
    std::vector<std::string> expected;
    /// Why nothing can catch it; empty where something must.
    std::string_view out_of_reach = {};
    /// The releases still have the bug: `good` has the fix.
    bool live = false;
    /// The one profile that can catch it; nothing: those that are asked for.
    std::optional<scenarios::Profile> profile = {};
    /// No kernel's bug: it is programs that break the contract, on `bad`, which is `good`.
    bool of_programs = false;
};

/// The policies that break promises, each beside `narrow`; then all defects, those that are live on either release;
/// then what programs owe.
std::vector<Twins> all_twins();

/// What a kernel breaks anyway: pairs of contract and place, sorted.
using Places = std::vector<std::pair<std::string, std::string>>;

/// What `hunting` breaks, in the seeds from its own on, `seeds` of them.
Places places_of(HuntOptions hunting, std::uint64_t seeds);

/// One catch.
struct Catch {
    std::string contract;  ///< maybe `determinism`
    std::uint64_t schedule = 0;
};

/// The first catch of each contract within the schedules of `hunting`, in order. At the places of `anyway` only what
/// `hunting.against` keeps on the same case and choices is one.
std::vector<Catch> catches(const HuntOptions& hunting, const Places& anyway);
/// The first catch of all. The hunt grows until it has one, or has run all schedules.
std::optional<Catch> first_catch(HuntOptions hunting, const Places& anyway);

struct OddsOptions {
    std::vector<scenarios::Profile> profiles;
    std::uint64_t seed = 1;
    std::uint64_t seeds = 20;
    std::string strategy = "random";
    std::uint64_t limit = 20'000;  ///< schedules of each seed, at which it is given up
    unsigned jobs = 1;
};

/// What was measured of one bug.
struct Odds {
    Twins twins;
    std::vector<std::optional<Catch>> first;  ///< by seed; none at all where it is out of reach
    std::vector<Catch> by;                    ///< by contract: its first catch within the first seed
    double seconds_per_schedule = 0;          ///< of hunting, on one core

    std::uint64_t caught() const;  ///< by how many seeds
    /// Schedules to the first catch: the median over all seeds. Nothing where half of them or more caught nothing.
    std::optional<std::uint64_t> median() const;
    /// Catches per schedule at the least, with 95 % confidence; 0 where none was caught.
    double rate(std::uint64_t limit) const;
    /// Every contract that caught it, in any seed; each once, in alphabetical order.
    std::vector<std::string> contracts() const;
};

/// The probability that so many schedules miss a bug that each of them catches with probability `rate`.
double miss(double rate, std::uint64_t schedules);
/// The number of schedules that miss it with a probability below `bound`; `rate` > 0.
std::uint64_t schedules_for(double rate, double bound);

/// A bug may escape the suite with at most this probability.
constexpr double kMissBound = 1e-9;
/// The most schedules that the suite spends on one bug: see ODDS.md.
constexpr std::uint64_t kSuiteSchedules = 2'000'000;

using OddsProgress = std::function<void(const std::string& doing)>;

/// Measures all twins. With equal options the result is the same, its seconds left out. Once `stop` is set, it ends
/// with nothing.
std::vector<Odds> measure_odds(const OddsOptions& options, const std::atomic<bool>& stop, const OddsProgress& progress);

}  // namespace cancelsim::properties
