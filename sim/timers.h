// The timers of a loop, ordered by time, then by the order of scheduling.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "sim/future.h"

namespace cancelsim::sim {

/// Virtual time, in whole units from 0.
using Time = std::int64_t;
inline constexpr Time kInfinity = INT64_MAX;

enum class TimerState : std::uint8_t { idle, scheduled, due };

/// asyncio.TimerHandle, as part of the object that owns it: it can be scheduled again once it is
/// idle.
struct Timer {
    Callback callback;
    Time when = 0;
    std::uint64_t sequence = 0;  ///< of its newest scheduling; an older entry is dead
    TimerState state = TimerState::idle;
};

/// A short sorted row of those that come first, which is all that most programs need, and a 4-ary heap of the others.
/// Cancelling only marks: dead entries are dropped when they come first, or when they are most of the heap.
class Timers {
public:
    void schedule(Timer& timer, Time when) {
        timer.when = when;
        timer.sequence = ++sequence_;
        timer.state = TimerState::scheduled;
        ++live_;
        insert({when, timer.sequence, &timer});
    }

    void cancel(Timer& timer) {
        const bool scheduled = timer.state == TimerState::scheduled;
        timer.state = TimerState::idle;
        if (!scheduled) return;
        --live_;
        ++dead_;
        if (heap_.size() > kCompactAbove && heap_.size() > 4 * live_) compact();
    }

    bool empty() const { return live_ == 0; }
    std::size_t live() const { return live_; }

    /// The time of the next live timer. There must be one.
    Time next() {
        drop_dead();
        return row_[first_].when;
    }

    /// The timer that comes first, or one that was cancelled; null where there is none.
    const Timer* peek() const { return first_ != end_ ? row_[first_].timer : nullptr; }

    /// Takes the first live timer if it is due at `now`: null otherwise.
    Timer* take_due(Time now) {
        if (live_ == 0) return nullptr;
        drop_dead();
        if (row_[first_].when > now) return nullptr;
        Timer* timer = row_[first_].timer;
        --live_;
        drop_first();
        timer->state = TimerState::due;
        return timer;
    }

    void clear() {
        first_ = end_ = 0;
        heap_.clear();
        live_ = dead_ = 0;
        sequence_ = 0;
    }

    /// Calls `visit(timer)` for each live timer, in no particular order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (std::size_t i = first_; i < end_; ++i)
            if (alive(row_[i])) visit(*row_[i].timer);
        for (const Entry& entry : heap_)
            if (alive(entry)) visit(*entry.timer);
    }

private:
    static constexpr std::size_t kRow = 32;  ///< entries of the row at most
    static constexpr std::size_t kCompactAbove = 128;

    struct Entry {
        Time when;
        std::uint64_t sequence;
        Timer* timer;
        bool before(const Entry& other) const {
            return when != other.when ? when < other.when : sequence < other.sequence;
        }
    };

    static bool alive(const Entry& entry) {
        return entry.timer->sequence == entry.sequence && entry.timer->state == TimerState::scheduled;
    }

    /// Drops what is dead before the first live entry, which there must be, and has that in the row.
    void drop_dead() {
        // Where none is dead, that spares a look at a timer that may be far away.
        for (; dead_ != 0 && !alive(row_[first_]); --dead_) drop_first();
    }
    void drop_first() {
        ++first_;
        if (first_ != end_) return;
        first_ = end_ = 0;
        if (heap_.empty()) return;
        row_[end_++] = heap_.front();
        pop();
    }
    void insert(const Entry& entry) {
        const bool row_full = end_ - first_ == kRow;
        if ((row_full || !heap_.empty()) && !entry.before(row_[end_ - 1])) return push(entry);
        if (row_full) push(row_[--end_]);
        if (end_ == row_.size()) {
            std::copy(row_.begin() + first_, row_.begin() + end_, row_.begin());
            end_ -= first_;
            first_ = 0;
        }
        std::size_t at = end_++;
        for (; at > first_ && entry.before(row_[at - 1]); --at) row_[at] = row_[at - 1];
        row_[at] = entry;
    }

    void push(const Entry& entry);
    void pop();
    void sift_down(std::size_t at, const Entry& entry);
    void compact();

    std::array<Entry, 2 * kRow> row_{};  ///< [first_, end_): not empty unless the heap is, and all before it
    std::size_t first_ = 0;
    std::size_t end_ = 0;
    std::vector<Entry> heap_;
    std::size_t live_ = 0;
    std::size_t dead_ = 0;  ///< entries whose timer was cancelled since
    std::uint64_t sequence_ = 0;
};

}  // namespace cancelsim::sim
