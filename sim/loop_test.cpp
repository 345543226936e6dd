// The loop: CASES.md, "The loop", sentence by sentence.
#include "sim/loop.h"

#include <doctest/doctest.h>

#include "sim/strategies/record.h"
#include "sim/testing.h"

namespace cancelsim::sim {

namespace {

using Words = std::vector<std::string>;

/// The schedule that differs from the ordinary order in these answers only.
Schedule deviating(ChoiceKind kind, std::vector<Deviation> deviations) { return {bit(kind), std::move(deviations)}; }

}  // namespace

TEST_CASE("handles that an iteration adds wait for the next") {
    TestLoop loop;
    std::uint64_t added_ran_in = 0;
    const Callback added = loop.callback([&] { added_ran_in = loop.iteration(); });
    loop.soon(loop.callback([&] { loop.soon(added); }));
    CHECK(loop.run() == Verdict::quiescent);
    CHECK(added_ran_in == 2);
    CHECK(loop.counters().iterations == 2);
    CHECK(loop.counters().handles == 2);
}

TEST_CASE("what was ready comes first, then arrivals, then due timers") {
    TestLoop loop;
    loop.at(0, loop.says("timer"));
    loop.arrive_at_iteration(1, loop.says("arrival"));
    loop.soon(loop.says("ready"));
    loop.run();
    CHECK(loop.log == Words{"ready", "arrival", "timer"});
    CHECK(loop.counters().iterations == 1);
}

TEST_CASE("timers run in the order of time, and those of one time in the order of scheduling") {
    TestLoop loop;
    loop.at(2, loop.says("c"));
    loop.at(1, loop.says("a"));
    loop.at(2, loop.says("d"));
    loop.at(1, loop.says("b"));
    loop.run();
    CHECK(loop.log == Words{"a", "b", "c", "d"});
    CHECK(loop.now() == 2);
    CHECK(loop.counters().iterations == 2);
}

TEST_CASE("time stands still while anything is ready") {
    TestLoop loop;
    int left = 5;
    Time time_when_last_ran = -1;
    Callback chain;
    chain = loop.callback([&] {
        time_when_last_ran = loop.now();
        if (--left > 0) loop.soon(chain);
    });
    loop.soon(chain);
    loop.at(10, loop.says("timer"));
    loop.run();
    CHECK(time_when_last_ran == 0);
    CHECK(loop.now() == 10);
}

TEST_CASE("a cancelled timer neither runs nor moves time") {
    TestLoop loop;
    Timer& late = loop.at(9, loop.says("cancelled"));
    loop.at(1, loop.callback([&] { loop.cancel_timer(late); }));
    loop.run();
    CHECK(loop.log.empty());
    CHECK(loop.now() == 1);
}

TEST_CASE("a timer that an earlier one of the same iteration cancels does not run, and is no handle") {
    TestLoop loop;
    Timer* second = nullptr;
    loop.at(1, loop.callback([&] { loop.cancel_timer(*second); }));
    second = &loop.at(1, loop.says("cancelled"));
    loop.run();
    CHECK(loop.log.empty());
    CHECK(loop.counters().handles == 1);
}

TEST_CASE("a timer may be scheduled again by its own callback") {
    TestLoop loop;
    Timer* timer = nullptr;
    int left = 3;
    timer = &loop.at(1, loop.callback([&] {
        if (--left > 0) loop.call_at(*timer, loop.now() + 1);
    }));
    loop.run();
    CHECK(left == 0);
    CHECK(loop.now() == 3);
}

TEST_CASE("a loop that would block takes all arrivals of the next number at once, and time stands still") {
    TestLoop loop;
    const auto at_iteration = [&](std::uint64_t k, std::string word) {
        loop.arrive_at_iteration(
            k, loop.callback([&loop, word] { loop.log.push_back(word + " in " + std::to_string(loop.iteration())); }));
    };
    at_iteration(7, "third");
    at_iteration(5, "first");
    at_iteration(5, "second");
    loop.at(1, loop.says("timer"));
    loop.run();
    CHECK(loop.log == Words{"first in 1", "second in 1", "third in 2", "timer"});
}

TEST_CASE("arrivals of one iteration come in the order of their numbers, then of the list") {
    TestLoop loop;
    loop.arrive_at_iteration(2, loop.says("c"));
    loop.arrive_at_iteration(1, loop.says("a"));
    loop.arrive_at_iteration(1, loop.says("b"));
    loop.at(0, loop.callback([] {}));
    loop.soon(loop.callback([&] { loop.soon(loop.says("ready")); }));
    loop.run();
    CHECK(loop.log == Words{"a", "b", "ready", "c"});
}

TEST_CASE("twenty futile iterations in a row with nothing to wait for end the run as a spin") {
    TestLoop loop;
    loop.poll_for_ever();
    CHECK(loop.run() == Verdict::spin);
    CHECK(loop.counters().hot == kFutileLimit);
    CHECK(loop.counters().iterations == kFutileLimit);
    CHECK(loop.now() == 0);
}

TEST_CASE("an iteration that runs anything but polling is not futile, and the count starts again") {
    TestLoop loop;
    loop.poll_for_ever();
    loop.arrive_at_iteration(11, loop.says("arrival"));
    CHECK(loop.run() == Verdict::spin);
    CHECK(loop.counters().iterations == 10 + 1 + kFutileLimit);
    CHECK(loop.counters().hot == 10 + kFutileLimit);
}

TEST_CASE("after twenty futile iterations time moves to the next timer") {
    TestLoop loop;
    std::uint64_t ran_in = 0;
    loop.poll_for_ever();
    loop.at(50, loop.callback([&] { ran_in = loop.iteration(); }));
    CHECK(loop.run() == Verdict::spin);
    CHECK(ran_in == kFutileLimit + 1);
    CHECK(loop.now() == 50);
    CHECK(loop.counters().hot == 2 * kFutileLimit);
}

TEST_CASE("an arrival in the iteration that so moves time goes first, and time moves all the same") {
    TestLoop loop;
    Time time_of_arrival = -1;
    loop.poll_for_ever();
    loop.at(50, loop.says("timer"));
    loop.arrive_at_iteration(kFutileLimit + 1, loop.callback([&] {
        time_of_arrival = loop.now();
        loop.log.push_back("arrival");
    }));
    loop.run();
    CHECK(time_of_arrival == 50);
    CHECK(loop.log == Words{"arrival", "timer"});
}

TEST_CASE("a run asks whether it is quiescent, then whether it spins, then whether its budget is spent") {
    TestLoop quiescent;
    quiescent.soon(quiescent.callback([] {}));
    CHECK(quiescent.run(1) == Verdict::quiescent);

    TestLoop spin;
    spin.poll_for_ever();
    CHECK(spin.run(kFutileLimit) == Verdict::spin);

    TestLoop budget;
    budget.poll_for_ever();
    CHECK(budget.run(kFutileLimit - 1) == Verdict::budget);
    CHECK(budget.counters().iterations == kFutileLimit - 1);
}

TEST_CASE("a loop that was reset knows nothing of the last run") {
    TestLoop loop;
    loop.at(5, loop.says("timer"));
    loop.arrive_at_iteration(9, loop.says("arrival"));
    loop.soon(loop.callback([] {}));
    loop.run(1);
    loop.reset(nullptr, kPython311);
    CHECK(loop.run() == Verdict::quiescent);
    CHECK(loop.log.empty());
    CHECK(loop.counters().iterations == 0);
}

TEST_CASE("choices put timers of one time into another order, and leave other times alone") {
    const Schedule schedule = deviating(ChoiceKind::timer_order, {{{.kind = ChoiceKind::timer_order, .at = 1}, 2}});
    Replay replay(schedule);
    TestLoop loop(&replay);
    for (const char* word : {"a", "b", "c"}) loop.at(1, loop.says(word));
    loop.at(2, loop.says("d"));
    loop.run();
    CHECK(loop.log == Words{"c", "a", "b", "d"});
}

/// The first arrival, late already by so many iterations, comes one later still.
Deviation late(std::uint64_t already) { return {{.kind = ChoiceKind::arrival, .at = already}, 1}; }

TEST_CASE("choices delay an arrival by three iterations at most") {
    const Schedule schedule = deviating(ChoiceKind::arrival, {late(0), late(1), late(2), late(3)});
    Replay replay(schedule);
    TestLoop loop(&replay);
    std::uint64_t arrived_in = 0;
    loop.poll_for_ever();
    loop.arrive_at_iteration(2, loop.callback([&] { arrived_in = loop.iteration(); }));
    loop.run();
    CHECK(arrived_in == 5);
}

TEST_CASE("choices let an iteration take until the next timer is due") {
    const Schedule schedule = deviating(ChoiceKind::elapse, {{{.kind = ChoiceKind::elapse, .at = 1}, 1}});
    Replay replay(schedule);
    TestLoop loop(&replay);
    loop.soon(loop.says("ready"));
    loop.at(7, loop.says("timer"));
    loop.run();
    CHECK(loop.log == Words{"ready", "timer"});
    CHECK(loop.counters().iterations == 1);
    CHECK(loop.now() == 7);
}

TEST_CASE("the order of ready handles is asked for only by a strategy that says so") {
    const Schedule schedule = deviating(ChoiceKind::ready_order, {{{.kind = ChoiceKind::ready_order, .at = 1}, 1}});
    Replay replay(schedule);
    TestLoop loop(&replay);
    loop.soon(loop.says("a"));
    loop.soon(loop.says("b"));
    loop.run();
    CHECK(loop.log == Words{"b", "a"});
}

}  // namespace cancelsim::sim
