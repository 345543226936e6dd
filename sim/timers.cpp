#include "sim/timers.h"

namespace cancelsim::sim {

void Timers::make_room() {
    if (first_ == 0) return row_.resize(std::max(row_.size() * 2, 4 * kRow));
    std::copy(row_.begin() + first_, row_.begin() + end_, row_.begin());
    end_ -= first_;
    first_ = 0;
}

/// The row is long: its last timer goes to the wheel, unless it was due before time came to where it is.
void Timers::spill() {
    const Entry last = row_[end_ - 1];
    if (!wheel_.empty() && last.when < wheel_.base()) return;
    --end_;
    wheel_.push_front(*last.timer);
}

void Timers::refill() {
    wheel_.take_first([this](Time when, Timer& timer) { insert({when, &timer}); });
}

}  // namespace cancelsim::sim
