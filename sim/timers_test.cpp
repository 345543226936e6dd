// The timers against a sorted map.
#include "sim/timers.h"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "sim/random.h"

namespace cancelsim::sim {

namespace {

/// Timers, and the same in a map by time and order of scheduling.
struct Both {
    Timers timers;
    std::deque<Timer> all;
    std::map<std::pair<Time, std::uint64_t>, Timer*> map;
    std::map<const Timer*, std::uint64_t> sequence;  ///< of its newest scheduling
    std::uint64_t scheduled = 0;
    Time now = 0;

    Timer& schedule(Time when) {
        Timer& timer = all.emplace_back();
        again(timer, when);
        return timer;
    }
    void again(Timer& timer, Time when) {
        timers.schedule(timer, when);
        sequence[&timer] = ++scheduled;
        map[{when, sequence[&timer]}] = &timer;
    }
    void cancel(Timer& timer) {
        map.erase({timer.when, sequence[&timer]});
        timers.cancel(timer);
    }
    /// Moves time to the next timer and takes all that are due; returns them.
    std::vector<Timer*> take() {
        REQUIRE(timers.empty() == map.empty());
        std::vector<Timer*> taken;
        if (map.empty()) return taken;
        check_upcoming();
        const Time next = map.begin()->first.first;
        REQUIRE(timers.next() == next);
        now = std::max(now, next);
        while (Timer* timer = timers.take_due(now)) {
            REQUIRE(timer == map.begin()->second);
            CHECK(timer->state == TimerState::due);
            map.erase(map.begin());
            timer->state = TimerState::idle;
            taken.push_back(timer);
        }
        CHECK(timers.take_due(now) == nullptr);
        CHECK((map.empty() || map.begin()->first.first > now));
        return taken;
    }
    void check_upcoming() {
        auto at = map.begin();
        for (std::ptrdiff_t n = 0; n < 3; ++n) CHECK(timers.upcoming(n) == (at == map.end() ? nullptr : at++->second));
    }
    /// Those of one time are visited in their order.
    void check_visits() {
        std::map<Time, std::vector<const Timer*>> visited;
        timers.for_each([&](const Timer& timer) { visited[timer.when].push_back(&timer); });
        std::map<Time, std::vector<const Timer*>> expected;
        for (const auto& [key, timer] : map) expected[key.first].push_back(timer);
        REQUIRE(visited == expected);
    }
    void take_all() {
        while (!map.empty()) take();
        CHECK(timers.empty());
    }
};

}  // namespace

TEST_CASE("timers of one time come in the order of scheduling, however many there are") {
    Both both;
    for (int i = 0; i < 1000; ++i) both.schedule(7);
    for (int i = 0; i < 40; ++i) both.schedule(6);
    CHECK(both.take().size() == 40);
    CHECK(both.take().size() == 1000);
}

TEST_CASE("timers scheduled ever sooner come soonest first") {
    Both both;
    for (Time when = 300; when > 0; --when) both.schedule(when);
    both.take_all();
}

TEST_CASE("timers that come before those that wait far away") {
    Both both;
    for (int i = 0; i < 200; ++i) both.schedule(1'000'000 + i % 3);
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 100; ++i) both.schedule(both.now + 1 + i % 50);
        for (int i = 0; i < 50; ++i) both.take();
    }
    both.take_all();
}

TEST_CASE("timers that are due already when they are scheduled, behind a full row") {
    Both both;
    both.schedule(5000);
    both.take();
    for (int i = 0; i < 100; ++i) both.schedule(10'000 + i);
    for (int i = 0; i < 100; ++i) both.schedule(both.now - i % 7);
    CHECK(both.take().size() == 100);
    both.take_all();
}

TEST_CASE("timers of all magnitudes, cancelled and scheduled again in any order") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        Random random(seed);
        Both both;
        for (int clears = 0; clears < 2; ++clears) {
            for (int step = 0; step < 400; ++step) {
                switch (random.below(8)) {
                    case 0: both.take(); break;
                    case 1:
                    case 2: {
                        if (both.all.empty()) break;
                        Timer& timer = both.all[random.below(static_cast<std::uint32_t>(both.all.size()))];
                        if (timer.state == TimerState::scheduled) both.cancel(timer);
                        if (random.below(2) == 0) both.again(timer, both.now + random.below(100));
                        break;
                    }
                    default: {
                        // Mostly near, now and then up to 2^55 away.
                        const std::uint32_t bits = random.below(10) == 0 ? random.below(56) : random.below(12);
                        const auto most = static_cast<Time>(std::uint64_t{1} << bits);
                        both.schedule(both.now + most -
                                      random.below(static_cast<std::uint32_t>(std::min<Time>(most, 1000)) + 1));
                        break;
                    }
                }
                both.check_visits();
            }
            if (clears == 0) {
                both.timers.clear();
                both.map.clear();
                both.all.clear();
                both.now = 0;
            }
        }
        both.take_all();
    }
}

}  // namespace cancelsim::sim
