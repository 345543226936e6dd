// Where in a program cancellations have come.
#pragma once

#include <set>
#include <vector>

#include "properties/library/program_facts.h"

namespace cancelsim::properties {

/// Of the awaits in the program's file, what all runs together have shown.
class Coverage {
public:
    void add(const ProgramFacts& run) {
        if (awaits_.empty()) awaits_ = run.awaits;
        parked_.insert(run.parked.begin(), run.parked.end());
        interrupted_.insert(run.interrupted.begin(), run.interrupted.end());
    }
    void add(const Coverage& other) {
        if (awaits_.empty()) awaits_ = other.awaits_;
        parked_.insert(other.parked_.begin(), other.parked_.end());
        interrupted_.insert(other.interrupted_.begin(), other.interrupted_.end());
    }

    /// All awaits, in the order of their lines.
    const std::vector<Await>& awaits() const { return awaits_; }
    bool was_parked(const Await& await) const { return parked_.contains(await); }
    bool was_interrupted(const Await& await) const { return interrupted_.contains(await); }

private:
    std::vector<Await> awaits_;
    std::set<Await> parked_;
    std::set<Await> interrupted_;
};

}  // namespace cancelsim::properties
