// A timing wheel: timers by the digits of their time.
//
// G. Varghese, T. Lauck: Hashed and Hierarchical Timing Wheels, SOSP 1987, scheme 7.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/timer.h"

namespace cancelsim::sim {

/// Each timer hangs in a slot: of the highest digit, to the base 64, in which its time differs from `base()`. Timers of
/// one time hang in the order in which they are to run. As time comes near, a slot is spread over the digits below.
class TimingWheel {
public:
    /// As many as `take_first` takes at most.
    static constexpr std::uint32_t kAtOnce = 64;

    bool empty() const { return levels_ == 0; }
    void clear();

    /// No timer that hangs here is due before it. Only `take_first` moves it on.
    Time base() const { return base_; }
    /// Hangs up `timer`, not due before `base()` unless it is the only one, after all others of its time.
    void push_back(Timer& timer) { hang_up(timer, false); }
    /// The same, before all others of its time.
    void push_front(Timer& timer) { hang_up(timer, true); }
    /// Takes down `timer`, which hangs here.
    void remove(Timer& timer) {
        assert(nodes_[timer.node].timer == &timer);
        unlink(timer.node);
        timer.node = 0;
    }

    /// No timer that hangs here is due before that. There must be one.
    Time lower_bound() const { return start_of(first_slot()); }
    /// When the first is due. There must be one.
    Time first_due();
    /// Takes down those that come first, at least one and at most `kAtOnce`, calling `take(when, timer)` for each:
    /// those of one time in their order. There must be one, and none may be hung up later that is due before it.
    template <class Take>
    void take_first(Take take) {
        const std::uint32_t slot = spread_first();
        for (std::uint32_t left = kAtOnce; left != 0 && nodes_[slot].next != slot; --left) {
            const Node node = nodes_[nodes_[slot].next];
            unlink(nodes_[slot].next);
            node.timer->node = 0;
            take(node.when, *node.timer);
        }
    }

    /// Calls `visit(timer)` for each: those of one time in their order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::uint32_t slot = 0; slot < nodes_.size() && slot < kSlots; ++slot)
            for (std::uint32_t at = nodes_[slot].next; at != slot; at = nodes_[at].next) visit(*nodes_[at].timer);
    }

private:
    static constexpr unsigned kDigit = 6;  ///< bits
    static constexpr std::uint32_t kPerLevel = 1U << kDigit;
    static constexpr std::uint32_t kLevels = (63 + kDigit - 1) / kDigit;
    static constexpr std::uint32_t kSlots = kLevels * kPerLevel;
    static constexpr Time kUnknown = -1;

    /// A link of a ring. Those before `kSlots` are the slots themselves: they carry no timer.
    struct Node {
        Time when;  ///< as in the timer, which may be far away
        Timer* timer;
        std::uint32_t previous;
        std::uint32_t next;
    };

    void hang_up(Timer& timer, bool first);
    std::uint32_t slot_of(Time when) const {
        const auto bits = static_cast<std::uint64_t>(when ^ base_);
        const unsigned level = (static_cast<unsigned>(std::bit_width(bits | 1)) - 1) / kDigit;
        return level * kPerLevel + static_cast<std::uint32_t>(when >> level * kDigit) % kPerLevel;
    }
    std::uint32_t first_slot() const {
        assert(!empty());
        const auto level = static_cast<std::uint32_t>(std::countr_zero(levels_));
        return level * kPerLevel + static_cast<std::uint32_t>(std::countr_zero(occupied_[level]));
    }
    Time start_of(std::uint32_t slot) const {
        const unsigned shift = slot / kPerLevel * kDigit;
        const Time above = shift + kDigit < 63 ? base_ >> (shift + kDigit) << (shift + kDigit) : 0;
        return above | static_cast<Time>(slot % kPerLevel) << shift;
    }
    std::uint32_t new_node();
    void link(std::uint32_t node, std::uint32_t after);
    void unlink(std::uint32_t node);
    bool has_more_than_it_takes(std::uint32_t slot) const;
    std::uint32_t spread_first();
    void occupy(std::uint32_t slot) {
        occupied_[slot / kPerLevel] |= std::uint64_t{1} << slot % kPerLevel;
        levels_ |= 1U << slot / kPerLevel;
    }
    void vacate(std::uint32_t slot) {
        std::uint64_t& level = occupied_[slot / kPerLevel];
        level &= ~(std::uint64_t{1} << slot % kPerLevel);
        if (level == 0) levels_ &= ~(1U << slot / kPerLevel);
    }

    Time base_ = 0;
    Time first_due_ = kUnknown;  ///< where it is known
    std::uint32_t levels_ = 0;   ///< those with an occupied slot: one bit a level
    std::array<std::uint64_t, kLevels> occupied_{};
    std::vector<Node> nodes_;
    std::uint32_t free_ = 0;  ///< the first of a chain of nodes to be used again; 0 is none
};

}  // namespace cancelsim::sim
