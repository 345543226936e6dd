#include "properties/bench/floor.h"

#include <algorithm>
#include <coroutine>
#include <exception>
#include <vector>

#include "sim/arena.h"
#include "sim/random.h"

namespace cancelsim::properties::floor {

namespace {

/// The scheduler of one thread, and the memory of its coroutines.
struct Scheduler {
    struct Sleeper {
        std::int64_t when;
        std::uint64_t sequence;
        std::coroutine_handle<> handle;
        bool operator<(const Sleeper& other) const {  // std::push_heap keeps the greatest on top
            return when != other.when ? when > other.when : sequence > other.sequence;
        }
    };

    sim::Arena arena;
    std::vector<std::coroutine_handle<>> ready;
    std::vector<std::coroutine_handle<>> batch;
    std::vector<Sleeper> sleepers;
    std::int64_t now = 0;
    std::uint64_t sequence = 0;
    std::uint64_t steps = 0;

    void reset() {
        arena.reset();
        ready.clear();
        sleepers.clear();
        now = 0;
        sequence = steps = 0;
    }

    void run(std::int64_t until) {
        while (!ready.empty() || !sleepers.empty()) {
            if (ready.empty()) now = sleepers.front().when;
            if (now > until) return;
            while (!sleepers.empty() && sleepers.front().when <= now) {
                std::pop_heap(sleepers.begin(), sleepers.end());
                ready.push_back(sleepers.back().handle);
                sleepers.pop_back();
            }
            std::swap(ready, batch);
            for (const auto handle : batch) {
                ++steps;
                handle.resume();
            }
            batch.clear();
        }
    }
};

thread_local Scheduler scheduler;

struct Coroutine {
    struct promise_type {
        static void* operator new(std::size_t size) { return scheduler.arena.allocate(size); }
        static void operator delete(void*) {}
        Coroutine get_return_object() {
            scheduler.ready.push_back(std::coroutine_handle<promise_type>::from_promise(*this));
            return {};
        }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() {}
        void unhandled_exception() { std::terminate(); }
    };
};

struct Yield {
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const { scheduler.ready.push_back(handle); }
    void await_resume() const {}
};

struct Sleep {
    std::int64_t delay;
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> handle) const {
        scheduler.sleepers.push_back({scheduler.now + delay, ++scheduler.sequence, handle});
        std::push_heap(scheduler.sleepers.begin(), scheduler.sleepers.end());
    }
    void await_resume() const {}
};

Coroutine sleeper(sim::Random& random, int times, std::uint32_t most) {
    for (int i = 0; i < times; ++i) co_await Sleep{1 + random.below(most)};
}

Coroutine yielder(std::int64_t times) {
    for (std::int64_t i = 0; i < times; ++i) co_await Yield{};
}

}  // namespace

std::uint64_t w1(std::uint64_t seed) {
    sim::Random random(seed);
    scheduler.reset();
    for (int i = 0; i < 7; ++i) sleeper(random, 4, 5000);
    sleeper(random, 5, 5000);
    for (int i = 0; i < 2; ++i) sleeper(random, 1, 20000);
    scheduler.run(8000);
    return scheduler.steps;
}

std::uint64_t w2(std::int64_t switches) {
    scheduler.reset();
    yielder(switches / 2);
    yielder(switches / 2);
    scheduler.run(0);
    return scheduler.steps;
}

std::uint64_t w3(std::int64_t tasks) {
    sim::Random random(3);
    scheduler.reset();
    for (std::int64_t i = 0; i < tasks; ++i) sleeper(random, 10, 1'000'000);
    scheduler.run(INT64_MAX);
    return scheduler.steps;
}

std::uint64_t w5(std::uint64_t seed) {
    scheduler.reset();
    sim::Random random(seed);
    for (int i = 0; i < 3; ++i) yielder(4);
    scheduler.run(0);
    return scheduler.steps + random.below(2);
}

}  // namespace cancelsim::properties::floor
