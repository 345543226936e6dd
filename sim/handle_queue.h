// The handles that are ready to run: a deque, as asyncio's `_ready`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "sim/future.h"

namespace cancelsim::sim {

/// First in, first out, in one piece of memory that only grows: what is left moves to its front when its end is
/// reached.
class HandleQueue {
public:
    bool empty() const { return first_ == end_; }
    std::size_t size() const { return static_cast<std::size_t>(end_ - first_); }
    Callback* begin() { return first_; }
    Callback* end() { return end_; }
    const Callback* begin() const { return first_; }
    const Callback* end() const { return end_; }

    void push_back(const Callback& handle) {
        if (end_ == limit_) [[unlikely]]
            make_room();
        *end_++ = handle;
    }
    /// There must be one.
    Callback pop_front() { return *first_++; }
    void clear() { first_ = end_ = memory_.data(); }

private:
    [[gnu::noinline]] void make_room() {
        const std::size_t left = size();
        std::copy(first_, end_, memory_.data());
        if (2 * left >= memory_.size()) memory_.resize(std::max<std::size_t>(2 * memory_.size(), 64));
        first_ = memory_.data();
        end_ = first_ + left;
        limit_ = first_ + memory_.size();
    }

    std::vector<Callback> memory_;
    Callback* first_ = nullptr;  ///< [first_, end_): those that are ready
    Callback* end_ = nullptr;
    Callback* limit_ = nullptr;  ///< the end of the memory
};

}  // namespace cancelsim::sim
