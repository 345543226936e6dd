// The timers of a loop, ordered by time, then by the order of scheduling.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

#include "sim/timing_wheel.h"

namespace cancelsim::sim {

/// A sorted row of those that come first, which is all that most programs need, and a wheel of the others.
class Timers {
public:
    /// Schedules an idle timer for `when`, which is at least 0. Of one time, the one that was scheduled first comes
    /// first.
    void schedule(Timer& timer, Time when) {
        assert(when >= 0 && timer.state == TimerState::idle);
        timer.when = when;
        timer.state = TimerState::scheduled;
        if (!wheel_.empty() || end_ - first_ >= kRow) [[unlikely]]
            return schedule_among_many(timer);
        insert({when, &timer});
    }

    void cancel(Timer& timer) {
        const bool scheduled = timer.state == TimerState::scheduled;
        timer.state = TimerState::idle;
        if (!scheduled) return;
        if (timer.node != 0) [[unlikely]]
            return wheel_.remove(timer);
        Entry* at = first_;
        while (at->timer != &timer) ++at;
        assert(at < end_);
        for (--end_; at != end_; ++at) *at = at[1];
    }

    bool empty() const { return first_ == end_ && wheel_.empty(); }

    /// The time of the next timer. There must be one.
    Time next() {
        assert(!empty());
        return first_ != end_ ? first_->when : wheel_.first_due();
    }

    /// Takes the first timer if it is due at `now`, which never goes back: null otherwise.
    Timer* take_due(Time now) {
        if (first_ == end_) {
            if (wheel_.empty() || wheel_.first_due() > now) return nullptr;
            refill();
        }
        if (first_->when > now) return nullptr;
        Timer* timer = first_++->timer;
        timer->state = TimerState::due;
        return timer;
    }

    /// Whether there are so many that their memory may be far away.
    bool many() const { return !wheel_.empty(); }
    /// The one that comes when `n` others came: null if there is none.
    const Timer* upcoming(std::ptrdiff_t n) {
        while (end_ - first_ <= n) {
            if (wheel_.empty()) return nullptr;
            refill();
        }
        return first_[n].timer;
    }

    void clear() {
        first_ = end_ = row_.data();
        wheel_.clear();
    }

    /// Calls `visit(timer)` for each: those of one time in their order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const Entry* at = first_; at != end_; ++at) visit(*at->timer);
        wheel_.for_each(visit);
    }

private:
    static constexpr std::size_t kBlock = 8;    ///< entries that are moved at once
    static constexpr std::ptrdiff_t kRow = 32;  ///< entries of the row that are worth sorting

    struct Entry {
        Time when;
        Timer* timer;
    };

    /// Whether a new timer comes before all those in the wheel, or should.
    bool belongs_to_row(Time when) const {
        if (first_ != end_ && when < end_[-1].when) return true;
        return !wheel_.empty() && when < wheel_.lower_bound();
    }
    /// After all those of its time. Where that is no processor can predict: no jump depends on it.
    void insert(const Entry& entry) {
        if (static_cast<std::size_t>(limit_ - end_) <= kBlock) [[unlikely]]
            make_room();
        std::size_t before = 0;
        for (const Entry* other = first_; other != end_; ++other) before += other->when <= entry.when ? 1 : 0;
        Entry* at = first_ + before;
        // Those after it move on, in blocks: the last may hold what lies behind the end too.
        const auto after = static_cast<std::size_t>(end_ - at);
        for (Entry* block = at + after / kBlock * kBlock;; block -= kBlock) {
            for (std::size_t i = kBlock; i > 0; --i) block[i] = block[i - 1];
            if (block == at) break;
        }
        *at = entry;
        ++end_;
    }
    void schedule_among_many(Timer& timer);
    void make_room();
    void spill();
    void refill();

    std::vector<Entry> row_;
    Entry* first_ = nullptr;  ///< [first_, end_): all before those in the wheel
    Entry* end_ = nullptr;
    Entry* limit_ = nullptr;  ///< the end of the row's memory
    TimingWheel wheel_;
};

}  // namespace cancelsim::sim
