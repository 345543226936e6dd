// The baseline: what runs did, and what they broke, when it was written down. A refactoring changes none of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "properties/contracts/runner.h"
#include "scenarios/generate/generator.h"

namespace cancelsim::properties {

/// Runs of one block: a row of the table.
inline constexpr std::uint64_t kBaselineRuns = 1000;

/// Which runs: those of seeds [block * kBaselineRuns, (block + 1) * kBaselineRuns) under random schedules.
struct BaselineBlock {
    std::string anyio;
    std::string policy;
    std::string python;
    std::string profile;
    std::uint64_t block = 0;
};

/// What the runs of one block came to.
struct BaselineHashes {
    std::uint64_t digests = 0;   ///< of the digests of their traces
    std::uint64_t breaches = 0;  ///< of what they broke: seed, contract, place, iteration, time

    bool operator==(const BaselineHashes&) const = default;
};

struct BaselineRow {
    BaselineBlock block;
    BaselineHashes hashes;
};

/// Every block of the table, for every release, policy and Python there is and the profiles `blocks` and `misuse`.
std::vector<BaselineBlock> baseline_blocks(std::uint64_t blocks_each);

/// One broken contract of a block's runs.
struct Breach {
    std::uint64_t seed;
    std::string_view contract;
    std::string_view place;
    std::uint64_t iteration;
    sim::Time time;
};

/// Runs one block after another.
class BaselineRunner {
public:
    BaselineRunner();

    /// `see`, if any, is called for each breach. Throws UsageError for an unknown name.
    BaselineHashes run(const BaselineBlock& block, const std::function<void(const Breach&)>& see = {});

private:
    Runner runner_;
};

/// The table as text, a row a line, and back. Throws UsageError, with the line.
std::string to_text(const std::vector<BaselineRow>& rows);
std::vector<BaselineRow> read_baseline(const std::string& path);

}  // namespace cancelsim::properties
