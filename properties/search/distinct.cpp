#include "properties/search/distinct.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace cancelsim::properties {

void DistinctCounter::add(const DistinctCounter& other) {
    seen_ += other.seen_;
    limit_ = std::min(limit_, other.limit_);
    std::copy_if(other.kept_.begin(), other.kept_.end(), std::back_inserter(kept_),
                 [this](const Kept& kept) { return kept.hash <= limit_; });
    if (kept_.size() >= 2 * kKept) compact();
}

namespace {

void put_word(std::string& bytes, std::uint64_t word) {
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(word >> shift & 0xFF);
}

std::uint64_t take_word(std::string_view& bytes) {
    std::uint64_t word = 0;
    for (int i = 7; i >= 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    bytes.remove_prefix(8);
    return word;
}

}  // namespace

std::string DistinctCounter::bytes() const {
    const DistinctCounter all = compacted();
    std::string bytes;
    put_word(bytes, all.seen_);
    put_word(bytes, all.limit_);
    for (const Kept& kept : all.kept_) {
        put_word(bytes, kept.hash);
        put_word(bytes, kept.times);
    }
    return bytes;
}

std::optional<DistinctCounter> DistinctCounter::from_bytes(std::string_view bytes) {
    if (bytes.size() < 16 || bytes.size() % 16 != 0 || bytes.size() > 16 * (kKept + 1)) return std::nullopt;
    DistinctCounter counter;
    counter.seen_ = take_word(bytes);
    counter.limit_ = take_word(bytes);
    std::uint64_t times = 0;
    while (!bytes.empty()) {
        const std::uint64_t hash = take_word(bytes);
        const bool in_order = counter.kept_.empty() || counter.kept_.back().hash < hash;
        counter.kept_.push_back({hash, take_word(bytes)});
        times += counter.kept_.back().times;
        if (!in_order || hash > counter.limit_ || counter.kept_.back().times == 0) return std::nullopt;
    }
    const bool is_full = counter.kept_.size() == kKept && counter.kept_.back().hash == counter.limit_;
    const bool is_whole = counter.limit_ == UINT64_MAX && times == counter.seen_;
    if (times > counter.seen_ || !(is_full || is_whole)) return std::nullopt;
    return counter;
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
