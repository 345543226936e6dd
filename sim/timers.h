// The timers of a loop: a heap ordered by time, then by the order of scheduling.
#pragma once

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
    std::uint64_t sequence = 0;  ///< of its newest scheduling; an older heap entry is dead
    TimerState state = TimerState::idle;
};

/// A 4-ary heap with lazy deletion: cancelling costs nothing, and dead entries are dropped when
/// they reach the top or when they are most of the heap.
class TimerHeap {
public:
    void schedule(Timer& timer, Time when) {
        timer.when = when;
        timer.sequence = ++sequence_;
        timer.state = TimerState::scheduled;
        ++live_;
        push({when, timer.sequence, &timer});
    }

    void cancel(Timer& timer) {
        if (timer.state == TimerState::scheduled) {
            --live_;
            if (heap_.size() > kCompactAbove && heap_.size() > 4 * live_) {
                timer.state = TimerState::idle;
                compact();
            }
        }
        timer.state = TimerState::idle;
    }

    bool empty() const { return live_ == 0; }
    std::size_t live() const { return live_; }

    /// The time of the next live timer. The heap must not be `empty`.
    Time next() {
        drop_dead();
        return heap_.front().when;
    }

    /// Takes the first live timer if it is due at `now`: null otherwise.
    Timer* take_due(Time now) {
        if (live_ == 0) return nullptr;
        drop_dead();
        if (heap_.front().when > now) return nullptr;
        Timer* timer = heap_.front().timer;
        pop();
        --live_;
        timer->state = TimerState::due;
        return timer;
    }

    void clear() {
        heap_.clear();
        live_ = 0;
        sequence_ = 0;
    }

    /// Calls `visit(timer)` for each live timer, in no particular order.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const Entry& entry : heap_)
            if (alive(entry)) visit(*entry.timer);
    }

private:
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
    void drop_dead() {
        while (!alive(heap_.front())) pop();
    }
    void push(Entry entry) {
        std::size_t at = heap_.size();
        heap_.push_back(entry);
        while (at > 0) {
            std::size_t parent = (at - 1) / 4;
            if (!entry.before(heap_[parent])) break;
            heap_[at] = heap_[parent];
            at = parent;
        }
        heap_[at] = entry;
    }
    void pop() {
        Entry last = heap_.back();
        heap_.pop_back();
        if (!heap_.empty()) sift_down(0, last);
    }
    void sift_down(std::size_t at, Entry entry) {
        const std::size_t size = heap_.size();
        for (;;) {
            std::size_t child = 4 * at + 1;
            if (child >= size) break;
            std::size_t end = child + 4 < size ? child + 4 : size;
            std::size_t least = child;
            for (++child; child < end; ++child)
                if (heap_[child].before(heap_[least])) least = child;
            if (!heap_[least].before(entry)) break;
            heap_[at] = heap_[least];
            at = least;
        }
        heap_[at] = entry;
    }
    void compact();

    std::vector<Entry> heap_;
    std::size_t live_ = 0;
    std::uint64_t sequence_ = 0;
};

}  // namespace cancelsim::sim
