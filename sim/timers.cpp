#include "sim/timers.h"

namespace cancelsim::sim {

void Timers::schedule_among_many(Timer& timer) {
    if (!belongs_to_row(timer.when)) return wheel_.push_back(timer);
    insert({timer.when, &timer});
    if (end_ - first_ > kRow) spill();
}

void Timers::make_room() {
    const std::ptrdiff_t left = end_ - first_;
    std::copy(first_, end_, row_.data());
    if (2 * left >= static_cast<std::ptrdiff_t>(row_.size()))
        row_.resize(std::max<std::size_t>(2 * row_.size(), 4 * kRow));
    first_ = row_.data();
    end_ = first_ + left;
    limit_ = first_ + row_.size();
}

/// The row is long: its last timer goes to the wheel, unless it was due before time came to where it is.
void Timers::spill() {
    const Entry last = end_[-1];
    if (!wheel_.empty() && last.when < wheel_.base()) return;
    --end_;
    wheel_.push_front(*last.timer);
}

void Timers::refill() {
    wheel_.take_first([this](Time when, Timer& timer) { insert({when, &timer}); });
}

}  // namespace cancelsim::sim
