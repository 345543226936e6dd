// The queue of handles against a deque.
#include "sim/handle_queue.h"

#include <doctest/doctest.h>

#include <deque>

#include "sim/random.h"

namespace cancelsim::sim {

namespace {

/// Handles, told apart by their arguments, and the same in a deque.
struct Both {
    HandleQueue queue;
    std::deque<void*> deque;
    std::uintptr_t made = 0;

    void push() {
        deque.push_back(reinterpret_cast<void*>(++made));
        queue.push_back({nullptr, deque.back()});
    }
    void pop() {
        CHECK(queue.pop_front().argument == deque.front());
        deque.pop_front();
    }
    void check() const {
        REQUIRE(queue.size() == deque.size());
        CHECK(queue.empty() == deque.empty());
        std::size_t n = 0;
        for (const Callback& handle : queue) CHECK(handle.argument == deque[n++]);
    }
};

}  // namespace

TEST_CASE("handles come in the order in which they were added, however many there are") {
    for (const std::uint32_t most : {1U, 3U, 40U, 500U}) {
        Random random(most);
        Both both;
        for (int round = 0; round < 300; ++round) {
            for (std::uint32_t left = random.below(most + 1); left != 0; --left) both.push();
            both.check();
            for (std::uint32_t left = random.below(most + 1); left != 0 && !both.deque.empty(); --left) both.pop();
            both.check();
        }
    }
}

TEST_CASE("a queue that was cleared begins anew") {
    Both both;
    for (int i = 0; i < 100; ++i) both.push();
    both.pop();
    both.queue.clear();
    both.deque.clear();
    both.check();
    for (int i = 0; i < 200; ++i) both.push();
    while (!both.deque.empty()) both.pop();
    both.check();
}

}  // namespace cancelsim::sim
