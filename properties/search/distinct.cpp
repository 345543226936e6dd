#include "properties/search/distinct.h"

#include <algorithm>
#include <cmath>

namespace cancelsim::properties {

void DistinctCounter::add(const DistinctCounter& other) {
    seen_ += other.seen_;
    limit_ = std::min(limit_, other.limit_);
    kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
    compact();
}

double DistinctCounter::distinct() const {
    const DistinctCounter all = compacted();
    if (all.limit_ == UINT64_MAX) return static_cast<double>(all.kept_.size());
    // The largest of k kept out of n lies at about k / (n + 1) of the range.
    return static_cast<double>(kKept - 1) * std::ldexp(1.0, 64) / static_cast<double>(all.limit_);
}

double DistinctCounter::rate_of_new() const {
    if (seen_ == 0) return 1;
    const DistinctCounter all = compacted();
    const auto once =
        std::count_if(all.kept_.begin(), all.kept_.end(), [](const Kept& kept) { return kept.times == 1; });
    const double share = static_cast<double>(once) / static_cast<double>(all.kept_.size());
    return std::min(1.0, share * all.distinct() / static_cast<double>(seen_));
}

void DistinctCounter::compact() {
    std::sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) { return a.hash < b.hash; });
    std::size_t count = 0;
    for (const Kept& kept : kept_) {
        if (count > 0 && kept_[count - 1].hash == kept.hash)
            kept_[count - 1].times += kept.times;
        else
            kept_[count++] = kept;
    }
    kept_.resize(std::min(count, kKept));
    if (count > kKept) limit_ = kept_.back().hash;
}

DistinctCounter DistinctCounter::compacted() const {
    DistinctCounter copy = *this;
    copy.compact();
    return copy;
}

}  // namespace cancelsim::properties
