// Structural shrinking: smaller cases that may show the same failure.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// How large a case is: whatever comes first counts more than all that follows. Every step of shrinking makes this
/// less, so that shrinking ends.
struct CaseSize {
    std::uint64_t statements = 0;  ///< and environment entries
    std::uint64_t weight = 0;      ///< of the ops, each against what could take its place, and of their flags
    std::uint64_t names = 0;       ///< distinct ones in use
    std::uint64_t numbers = 0;     ///< the sum of their absolute values
    std::uint64_t disorder = 0;    ///< references by another name than with_canonical_names would give

    auto operator<=>(const CaseSize&) const = default;
};
CaseSize size_of(const Case& program);

/// Lists the cases that are one step smaller than a given one, lazily. Those that leave out most come first:
/// environment entries, all that refers to one name, runs of statements; then blocks for their bodies, parts of a
/// `try`; then simpler ops, fewer flags, smaller numbers, fewer names. Each is valid if the given case is; the same one
/// may come twice.
class SmallerCases {
public:
    explicit SmallerCases(Case from);

    /// Writes the next one into `candidate`; false where none is left.
    bool next(Case& candidate);
    /// Goes on from `smaller`, which `next` has just given, at the place in the list where it was found.
    void descend(const Case& smaller);
    /// Starts the list again, up to the place of the last descent: from there on it has been seen already. False, and
    /// nothing is left, where there was no descent since the list was started.
    bool restart();

    const Case& from() const { return from_; }

private:
    struct Position {
        std::size_t pass = 0;
        std::size_t step = 0;
        auto operator<=>(const Position&) const = default;
    };
    static constexpr Position kEnd{SIZE_MAX, 0};

    Case from_;
    CaseSize size_;
    Position next_;
    Position given_;             ///< of the case that `next` gave last
    Position descended_ = kEnd;  ///< where the last descent since the start was; kEnd: there was none
    Position end_ = kEnd;
};

/// Calls `visit` for each of SmallerCases, until it returns true.
void for_each_smaller(const Case& program, const std::function<bool(const Case&)>& visit);

/// Descends greedily from `start`, of which `still_fails` must be true, to smaller cases of which it is true too. Asks
/// at most `budget_in_runs` times; if that is enough, the result is a local minimum: no case one step smaller still
/// fails.
Case shrink(Case start, const std::function<bool(const Case&)>& still_fails, std::size_t budget_in_runs);

}  // namespace cancelsim::scenarios
