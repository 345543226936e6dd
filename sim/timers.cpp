#include "sim/timers.h"

namespace cancelsim::sim {

void Timers::push(const Entry& pushed) {
    const Entry entry = pushed;
    std::size_t at = heap_.size();
    heap_.push_back(entry);
    while (at > 0) {
        const std::size_t parent = (at - 1) / 4;
        if (!entry.before(heap_[parent])) break;
        heap_[at] = heap_[parent];
        at = parent;
    }
    heap_[at] = entry;
}

void Timers::pop() {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0, last);
}

void Timers::sift_down(std::size_t at, const Entry& entry) {
    const std::size_t size = heap_.size();
    for (;;) {
        std::size_t least = 4 * at + 1;
        if (least >= size) break;
        const std::size_t end = least + 4 < size ? least + 4 : size;
        for (std::size_t child = least + 1; child < end; ++child)
            if (heap_[child].before(heap_[least])) least = child;
        if (!heap_[least].before(entry)) break;
        heap_[at] = heap_[least];
        at = least;
    }
    heap_[at] = entry;
}

void Timers::compact() {
    // (when, sequence) is a total order, so that rebuilding the heap cannot change what comes out
    // of it.
    dead_ -= std::erase_if(heap_, [](const Entry& entry) { return !alive(entry); });
    if (heap_.size() < 2) return;
    for (std::size_t at = (heap_.size() - 2) / 4 + 1; at-- > 0;) {
        const Entry entry = heap_[at];
        sift_down(at, entry);
    }
}

}  // namespace cancelsim::sim
