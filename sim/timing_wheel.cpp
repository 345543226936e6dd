#include "sim/timing_wheel.h"

#include <algorithm>
#include <cassert>

namespace cancelsim::sim {

void TimingWheel::clear() {
    for (; !empty(); vacate(first_slot())) {
        Node& slot = nodes_[first_slot()];
        slot.previous = slot.next = first_slot();
    }
    if (!nodes_.empty()) nodes_.resize(kSlots);
    free_ = 0;
    base_ = 0;
    first_due_ = kUnknown;
}

void TimingWheel::hang_up(Timer& timer, bool first) {
    const Time when = timer.when;
    assert(empty() || when >= base_);
    if (empty()) {
        base_ = std::min(base_, when);
        first_due_ = when;
    } else if (first_due_ != kUnknown) {
        first_due_ = std::min(first_due_, when);
    }
    const std::uint32_t node = new_node();
    nodes_[node].when = when;
    nodes_[node].timer = &timer;
    timer.node = node;
    const std::uint32_t slot = slot_of(when);
    link(node, first ? slot : nodes_[slot].previous);
    occupy(slot);
}

std::uint32_t TimingWheel::new_node() {
    if (free_ != 0) return std::exchange(free_, nodes_[free_].next);
    if (nodes_.empty())  // most runs need no wheel
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) nodes_.push_back({0, nullptr, slot, slot});
    nodes_.emplace_back();
    return static_cast<std::uint32_t>(nodes_.size() - 1);
}

void TimingWheel::link(std::uint32_t node, std::uint32_t after) {
    const std::uint32_t next = nodes_[after].next;
    nodes_[node].previous = after;
    nodes_[node].next = next;
    nodes_[after].next = node;
    nodes_[next].previous = node;
}

void TimingWheel::unlink(std::uint32_t node) {
    const Node left = nodes_[node];
    nodes_[left.previous].next = left.next;
    nodes_[left.next].previous = left.previous;
    if (left.previous == left.next && left.next < kSlots) vacate(left.next);  // it was the only one
    nodes_[node].next = free_;
    free_ = node;
    if (left.when == first_due_) first_due_ = kUnknown;
}

Time TimingWheel::first_due() {
    if (first_due_ == kUnknown) {
        const std::uint32_t slot = first_slot();
        if (slot < kPerLevel) return first_due_ = start_of(slot);  // they are of one time
        first_due_ = kInfinity;
        for (std::uint32_t at = nodes_[slot].next; at != slot; at = nodes_[at].next)
            first_due_ = std::min(first_due_, nodes_[at].when);
    }
    return first_due_;
}

bool TimingWheel::has_more_than_it_takes(std::uint32_t slot) const {
    std::uint32_t at = nodes_[slot].next;
    for (std::uint32_t left = kAtOnce; left != 0 && at != slot; --left) at = nodes_[at].next;
    return at != slot;
}

/// Spreads the first slot over the digits below while it holds many, of more than one time. Returns the one that is
/// then the first.
std::uint32_t TimingWheel::spread_first() {
    for (;;) {
        const std::uint32_t slot = first_slot();
        if (slot < kPerLevel || !has_more_than_it_takes(slot)) return slot;
        base_ = start_of(slot);
        vacate(slot);
        const Node ring = nodes_[slot];
        nodes_[slot].previous = nodes_[slot].next = slot;
        for (std::uint32_t node = ring.next; node != slot;) {
            const std::uint32_t next = nodes_[node].next;
            const std::uint32_t below = slot_of(nodes_[node].when);
            link(node, nodes_[below].previous);
            occupy(below);
            node = next;
        }
    }
}

}  // namespace cancelsim::sim
