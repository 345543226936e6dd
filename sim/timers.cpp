#include "sim/timers.h"

#include <algorithm>

namespace cancelsim::sim {

void TimerHeap::compact() {
    // (when, sequence) is a total order, so that rebuilding the heap cannot change what comes out
    // of it.
    std::erase_if(heap_, [](const Entry& entry) { return !alive(entry); });
    if (heap_.size() < 2) return;
    for (std::size_t at = (heap_.size() - 2) / 4 + 1; at-- > 0;) sift_down(at, heap_[at]);
}

}  // namespace cancelsim::sim
