// How many distinct things there were among many, in little memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cancelsim::properties {

/// Keeps the smallest hashes that it has seen, each with how often it came: they are a fair sample of the distinct
/// ones. What it says depends on nothing but which hashes were added, not on their order, nor on how they were shared
/// out among counters that are then added up.
///
/// Source: Beyer et al., On Synopses for Distinct-Value Estimation Under Multiset Operations, SIGMOD 2007, for the
/// number; Good, The Population Frequencies of Species, Biometrika 1953, for the rate of new ones.
class DistinctCounter {
public:
    /// Hashes kept. With no more distinct ones than these all is exact, else right to 1.6 % (one standard error).
    static constexpr std::size_t kKept = 4096;

    /// All 64 bits of `hash` must be well mixed.
    void add(std::uint64_t hash) {
        ++seen_;
        if (hash > limit_) return;
        kept_.push_back({hash, 1});
        if (kept_.size() >= 2 * kKept) compact();
    }
    void add(const DistinctCounter& other);
    /// An empty counter that is to be added to this one: it keeps only what this one would.
    DistinctCounter part() const {
        DistinctCounter part;
        part.limit_ = limit_;
        return part;
    }

    /// All that the counter is, as bytes: at most 70,000.
    std::string bytes() const;
    /// The counter of those bytes; nothing where they are not what `bytes` gives.
    static std::optional<DistinctCounter> from_bytes(std::string_view bytes);

    std::uint64_t seen() const { return seen_; }  ///< all that were added
    double distinct() const;
    /// The probability that the next one is one that has not come yet: the share of those that came once. 1 where
    /// nothing was added.
    double rate_of_new() const;

private:
    struct Kept {
        std::uint64_t hash;
        std::uint64_t times;
    };

    /// Puts equal ones together and leaves the smallest, in order.
    void compact();
    DistinctCounter compacted() const;

    std::uint64_t seen_ = 0;
    std::uint64_t limit_ = UINT64_MAX;  ///< larger ones are not kept; UINT64_MAX: none had to go so far
    std::vector<Kept> kept_;
};

}  // namespace cancelsim::properties
