// The verdict: which kernel keeps which promise.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

struct VerdictOptions {
    std::string anyio;   ///< a release: every policy on it, or `policy` alone; empty: see verdict_kernels
    std::string policy;  ///< on every release, or on `anyio` alone
    std::vector<scenarios::Profile> profiles;
    std::uint64_t seed = 1;
    std::uint64_t schedules = 0;  ///< of each kernel; 0: until `seconds` have passed
    double seconds = 0;           ///< of hunting, for all kernels together; what is found is shrunk after that
    unsigned jobs = 1;
};

enum class Standing : std::uint8_t {
    holds,           ///< no schedule broke it
    known,           ///< broken, but only as FINDINGS.md says
    also_upstream,   ///< broken, but only where the release itself does so too
    broken,          ///< broken otherwise too
    not_applicable,  ///< it presupposes blocks, and the programs were not made of them
};
/// `holds`, `known`, `also-upstream`, `broken`, `not applicable`.
std::string_view name_of(Standing standing);

/// What one kernel made of one contract.
struct Cell {
    Standing standing = Standing::holds;
    std::size_t places = 0;         ///< at how many kinds of places it broke
    std::optional<Found> smallest;  ///< the case with the fewest statements that broke it; of a broken one, not a known
    std::string_view known;         ///< the number of the finding that it is, where it is one
};

struct VerdictRow {
    model::Config config;
    std::uint64_t schedules = 0;
    std::vector<Cell> cells;  ///< by contract
};

struct Verdict {
    std::vector<std::string> contracts;  ///< all, in alphabetical order
    std::vector<VerdictRow> rows;        ///< fewer than there are kernels where it was stopped
    double seconds = 0;
};

/// The kernels that it is about. Where nothing is named: the older release with every policy, so that one's own appears
/// as soon as there is one; the newer with those that are still proposed for it; and that one with every fix, to tell
/// what is left for a policy to mend. Throws UsageError where a name is unknown.
std::vector<model::Config> verdict_kernels(const std::string& anyio = "", const std::string& policy = "");

/// Called about ten times a second with what it is at.
using VerdictProgress = std::function<void(const std::string& doing)>;

/// Hunts on each kernel, and shrinks what breaks. With a count of schedules, equal options give an equal verdict, its
/// seconds left out. Once `stop` is set, it ends with the kernels that it has.
Verdict reach_verdict(const VerdictOptions& options, const std::atomic<bool>& stop, const VerdictProgress& progress);

}  // namespace cancelsim::properties
