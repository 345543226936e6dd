// Exceptions as contracts see them: told apart by what they carry, not by what the kernel under test thinks of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "sim/error.h"

namespace cancelsim::properties {

/// Whether a CancelledError belongs to anyio: it, or a CancelledError in its context chain followed as long as that is
/// one, carries anyio's mark.
inline bool is_ours(const sim::Error& error) {
    for (const sim::Error* at = &error; at != nullptr && at->is_cancelled(); at = at->context)
        if (at->message != 0) return true;
    return false;
}

/// Calls `visit(leaf)` for every exception of an exception group that is not itself a group; for any other, for itself.
template <class Visit>
void for_each_leaf(const sim::Error& error, Visit visit) {
    if (error.kind != sim::ErrorKind::group) return visit(error);
    const auto visit_all = [&visit](const auto& self, const sim::Error& group) -> void {
        for (std::uint32_t i = 0; i < group.count; ++i) {
            const sim::Error& child = *group.children[i];
            child.kind == sim::ErrorKind::group ? self(self, child) : visit(child);
        }
    };
    visit_all(visit_all, error);
}

inline bool has_ordinary_leaf(const sim::Error& error) {
    if (error.kind != sim::ErrorKind::group) return !error.is_cancelled();
    bool found = false;
    for_each_leaf(error, [&](const sim::Error& leaf) { found = found || !leaf.is_cancelled(); });
    return found;
}

/// How often an exception is among the leaves of another, which may be null.
class LeafIndex {
public:
    /// Forgets the last exception, and has the leaves of this one. Its memory is kept.
    void assign(const sim::Error* error) {
        leaves_.clear();
        if (error != nullptr) for_each_leaf(*error, [&](const sim::Error& each) { leaves_.push_back(&each); });
        // Addresses only tell one exception from another: their order reaches nothing.
        std::sort(leaves_.begin(), leaves_.end(), std::less<>());
    }
    std::uint32_t count(const sim::Error& leaf) const {
        const auto [begin, end] = std::equal_range(leaves_.begin(), leaves_.end(), &leaf, std::less<>());
        return static_cast<std::uint32_t>(end - begin);
    }

private:
    std::vector<const sim::Error*> leaves_;
};

/// Exceptions, each of which may be added many times. To be asked only once all are in.
class ErrorSet {
public:
    void clear() {
        errors_.clear();
        distinct_ = 0;
    }
    void add(const sim::Error& error) {
        errors_.push_back(&error);
        if (errors_.size() >= 2 * distinct_ + kFew) compact();
    }
    bool contains(const sim::Error& error) {
        if (errors_.size() != distinct_) compact();
        return std::binary_search(errors_.begin(), errors_.end(), &error, std::less<>());
    }

private:
    static constexpr std::size_t kFew = 64;

    void compact() {
        // As in LeafIndex: their order reaches nothing.
        std::sort(errors_.begin(), errors_.end(), std::less<>());
        errors_.erase(std::unique(errors_.begin(), errors_.end()), errors_.end());
        distinct_ = errors_.size();
    }

    std::vector<const sim::Error*> errors_;
    std::size_t distinct_ = 0;  ///< when it was compacted last
};

/// Whether `part` is `whole`, one of its leaves, or in the context chain of one.
inline bool is_in_chain(const sim::Error& part, const sim::Error& whole) {
    bool found = false;
    for_each_leaf(whole, [&](const sim::Error& leaf) {
        for (const sim::Error* at = &leaf; at != nullptr && !found; at = at->context) found = at == &part;
    });
    return found;
}

/// The least number of times that an ordinary leaf of `part` is in `whole`, and the greatest.
struct LeafCounts {
    std::uint32_t least = UINT32_MAX;
    std::uint32_t most = 0;
};
inline LeafCounts count_ordinary_leaves(const sim::Error& part, const LeafIndex& whole) {
    LeafCounts counts;
    for_each_leaf(part, [&](const sim::Error& leaf) {
        if (leaf.is_cancelled()) return;
        const std::uint32_t count = whole.count(leaf);
        if (count < counts.least) counts.least = count;
        if (count > counts.most) counts.most = count;
    });
    return counts;
}

}  // namespace cancelsim::properties
