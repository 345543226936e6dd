// Those who watch a run.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <stdexcept>

#include "sim/trace.h"

namespace cancelsim::sim {

/// Observers, each with the kinds of events that it wants at the moment. An event goes to those who want its kind, in
/// the order in which they were added; an event that nobody wants costs one test.
class Watchers {
public:
    static constexpr std::uint32_t kMost = 32;

    void clear() { *this = {}; }
    /// Adds an observer, which must outlive its use, and returns its number. Throws std::length_error for more than
    /// `kMost`.
    std::uint32_t add(Observer& observer, EventMask kinds) {
        if (count_ == kMost) throw std::length_error("more than 32 observers watch a run");
        observers_[count_] = &observer;
        change(count_, 0, kinds);
        return count_++;
    }
    /// From the next event on, observer number `index` gets the kinds `now`, where it got those of `before`.
    void change(std::uint32_t index, EventMask before, EventMask now) {
        for (EventMask more = now & ~before; more != 0; more &= more - 1)
            of_kind_[std::countr_zero(more)] |= 1U << index;
        wanted_ |= now;
        for (EventMask less = before & ~now; less != 0; less &= less - 1) {
            std::uint32_t& watchers = of_kind_[std::countr_zero(less)];
            watchers &= ~(1U << index);
            if (watchers == 0) wanted_ &= ~(less & -less);
        }
    }

    bool want(EventKind kind) const { return (wanted_ >> kind & 1) != 0; }
    void send(const TraceEvent& event) const {
        for (std::uint32_t left = of_kind_[event.kind]; left != 0; left &= left - 1)
            observers_[std::countr_zero(left)]->on(event);
    }

private:
    EventMask wanted_ = 0;                     ///< kinds that anybody wants
    std::array<std::uint32_t, 64> of_kind_{};  ///< who wants each kind: one bit an observer
    std::array<Observer*, kMost> observers_{};
    std::uint32_t count_ = 0;
};

}  // namespace cancelsim::sim
