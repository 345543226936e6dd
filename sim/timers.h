// The timers of a loop, ordered by time, then by the order of scheduling.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/timing_wheel.h"

namespace cancelsim::sim {

/// A sorted row of those that come first, which is all that most programs need, and a wheel of the others.
class Timers {
public:
    /// `when` is at least 0. Of one time, the one that was scheduled first comes first.
    void schedule(Timer& timer, Time when) {
        timer.when = when;
        timer.state = TimerState::scheduled;
        if ((end_ - first_ >= kRow || !wheel_.empty()) && !belongs_to_row(when)) [[unlikely]]
            return wheel_.push_back(timer);
        insert({when, &timer});
        if (end_ - first_ > kRow) [[unlikely]]
            spill();
    }

    void cancel(Timer& timer) {
        const bool scheduled = timer.state == TimerState::scheduled;
        timer.state = TimerState::idle;
        if (!scheduled) return;
        if (timer.node != 0) [[unlikely]]
            return wheel_.remove(timer);
        std::size_t at = first_;
        while (row_[at].timer != &timer) ++at;
        for (--end_; at < end_; ++at) row_[at] = row_[at + 1];
    }

    bool empty() const { return first_ == end_ && wheel_.empty(); }

    /// The time of the next timer. There must be one.
    Time next() { return first_ != end_ ? row_[first_].when : wheel_.first_due(); }

    /// Takes the first timer if it is due at `now`, which never goes back: null otherwise.
    Timer* take_due(Time now) {
        if (first_ == end_) {
            if (wheel_.empty() || wheel_.first_due() > now) return nullptr;
            refill();
        }
        if (row_[first_].when > now) return nullptr;
        Timer* timer = row_[first_++].timer;
        timer->state = TimerState::due;
        return timer;
    }

    /// Whether there are so many that their memory may be far away.
    bool many() const { return !wheel_.empty(); }
    /// The one that comes when `n` others came: null if there is none.
    const Timer* upcoming(std::size_t n) {
        while (end_ - first_ <= n) {
            if (wheel_.empty()) return nullptr;
            refill();
        }
        return row_[first_ + n].timer;
    }

    void clear() {
        first_ = end_ = 0;
        wheel_.clear();
    }

    /// Calls `visit(timer)` for each: those of one time in their order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::size_t i = first_; i < end_; ++i) visit(*row_[i].timer);
        wheel_.for_each(visit);
    }

private:
    static constexpr std::size_t kRow = 32;  ///< entries of the row that are worth sorting

    struct Entry {
        Time when;
        Timer* timer;
    };

    /// Whether a new timer comes before all those in the wheel, or should.
    bool belongs_to_row(Time when) const {
        if (first_ != end_ && when < row_[end_ - 1].when) return true;
        return !wheel_.empty() && when < wheel_.lower_bound();
    }
    /// After all those of its time.
    void insert(const Entry& entry) {
        if (end_ == row_.size()) [[unlikely]]
            make_room();
        std::size_t at = end_++;
        for (; at > first_ && entry.when < row_[at - 1].when; --at) row_[at] = row_[at - 1];
        row_[at] = entry;
    }
    void make_room();
    void spill();
    void refill();

    std::vector<Entry> row_;  ///< [first_, end_): all before those in the wheel
    std::size_t first_ = 0;
    std::size_t end_ = 0;
    TimingWheel wheel_;
};

}  // namespace cancelsim::sim
