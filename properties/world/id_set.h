// Which tasks, or which scopes, of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cancelsim::properties {

/// A set of ids. The first 64, which is all that most runs have, take one word.
class IdSet {
public:
    void clear() {
        first_ = 0;
        if (!more_.empty()) more_.clear();
    }
    void add(std::size_t id) {
        if (id < kBits) [[likely]]
            first_ |= bit(id);
        else
            add_further(id);
    }
    void remove(std::size_t id) {
        if (id < kBits)
            first_ &= ~bit(id);
        else if (has(id))
            more_[id / kBits - 1] &= ~bit(id);
    }
    bool has(std::size_t id) const {
        if (id < kBits) [[likely]]
            return (first_ & bit(id)) != 0;
        return id / kBits <= more_.size() && (more_[id / kBits - 1] & bit(id)) != 0;
    }

private:
    static constexpr std::size_t kBits = 64;
    static constexpr std::uint64_t bit(std::size_t id) { return std::uint64_t{1} << id % kBits; }

    [[gnu::noinline]] void add_further(std::size_t id) {
        if (id / kBits > more_.size()) more_.resize(id / kBits);
        more_[id / kBits - 1] |= bit(id);
    }

    std::uint64_t first_ = 0;
    std::vector<std::uint64_t> more_;  ///< ids from 64 on, a word each 64
};

}  // namespace cancelsim::properties
