// The fixes `start-error` and `start-waits`: what a cancelled start() raises, and when it ends.
#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

/// On 4.14.2 a task starts a child, which waits for `future` and then does what `child_end` says, having called
/// started() before, if it `starts`. What the environment does is up to a test.
struct Start {
    TestKernel kernel{"upstream", "4.14.2"};
    TaskGroup* group = nullptr;
    Future future;
    Future again;
    Task* starter = nullptr;
    Error* raised = nullptr;  ///< by start()
    bool returned = false;    ///< start(), without raising
    Time ended_at = -1;       ///< start()

    Start(Switches switches, std::vector<sim::Script::Step> child) {
        Config config = kernel.config();
        config.switches = switches;
        kernel.reset(config, nullptr);
        group = &kernel.new_group();
        sim::Script& coro = kernel.frame(std::move(child));
        starter = &kernel.spawn({[this, &coro](Resume) {
                                     group->enter(kernel);
                                     return kernel.call(*kernel.current_task(), group->start(kernel, coro));
                                 },
                                 [this](Resume with) {
                                     raised = with.thrown;
                                     returned = with.thrown == nullptr;
                                     ended_at = kernel.now();
                                     return Poll::returned();
                                 }});
    }

    Poll fails() { return Poll::raised(*kernel.new_error(ErrorKind::named)); }
    void cancel_at(Time when, sim::CancelMessage message = 0) {
        kernel.at(when, kernel.callback([this, message] { kernel.cancel_task(*starter, message); }));
    }
};

const Switches kErrorFix[]{{}, {Fix::cancelled_start_raises_error_of_child}};
const Switches kWaitsFix[]{{}, {Fix::cancelled_start_keeps_waiting}};

}  // namespace

TEST_CASE("a cancelled start() raises what its child failed with before started() with the fix only") {
    for (const Switches switches : kErrorFix) {
        CAPTURE(names_of(switches));
        Start start(switches,
                    {[&](Resume) { return Loop::park(start.future); }, [&](Resume) { return start.fails(); }});
        start.cancel_at(1);
        start.kernel.run();
        REQUIRE(start.raised != nullptr);
        if (switches.none()) {
            CHECK(start.raised->is_cancelled());
        } else {
            REQUIRE(start.raised->kind == ErrorKind::named);
            CHECK(start.raised->context != nullptr);
        }
        CHECK(start.group->exceptions.count == 0);
    }
}

TEST_CASE("a cancelled start() whose child did not fail raises its cancellation") {
    for (const Switches switches : kErrorFix)
        for (const bool returns : {false, true}) {
            CAPTURE(names_of(switches));
            CAPTURE(returns);
            Start start(switches, {[&](Resume) { return Loop::park(start.future); },
                                   [&](Resume with) { return returns ? Poll::returned() : Poll::ended(with.thrown); }});
            start.cancel_at(1, 5);
            start.kernel.run();
            REQUIRE(start.raised != nullptr);
            CHECK(start.raised->is_cancelled());
            CHECK(start.raised->message == 5);
        }
}

TEST_CASE("an error after started() is the group's: a cancelled start() raises its cancellation") {
    for (const Switches switches : kErrorFix)
        for (const bool at_once : {false, true}) {
            CAPTURE(names_of(switches));
            CAPTURE(at_once);
            // Either the child has ended when the start() comes to run again, or start() ends it.
            const auto starts = [&](Start& start) {
                started(start.kernel);
                start.kernel.cancel_task(*start.starter, 5);
            };
            Start start(switches, {[&](Resume) {
                                       starts(start);
                                       return at_once ? start.fails() : Loop::park(start.future);
                                   },
                                   [&](Resume) { return start.fails(); }});
            start.kernel.run();
            REQUIRE(start.raised != nullptr);
            CHECK(start.raised->is_cancelled());
            CHECK(start.raised->message == 5);
            CHECK(start.group->exceptions.count == 1);
        }
}

TEST_CASE("a start() that is cancelled as it hears of its child's failure raises that with the fix only") {
    for (const Switches switches : kErrorFix) {
        CAPTURE(names_of(switches));
        Start start(switches,
                    {[&](Resume) { return Loop::park(start.future); }, [&](Resume) { return start.fails(); }});
        // In the iteration after the child's failure its group has told start() already, which has not run yet.
        start.kernel.at(1, start.kernel.callback([&] { start.kernel.set_result(start.future); }));
        bool both = false;
        std::function<void()> look = [&] {
            const Future* waiter = start.starter->fut_waiter;
            if (waiter != nullptr && waiter->exception != nullptr && !both) {
                both = true;
                start.kernel.cancel_task(*start.starter, 5);
            } else if (!both) {
                start.kernel.soon(start.kernel.callback(look));
            }
        };
        start.kernel.at(1, start.kernel.callback(look));
        start.kernel.run();
        CHECK(both);
        REQUIRE(start.raised != nullptr);
        CHECK((start.raised->kind == ErrorKind::named) == !switches.none());
        CHECK(start.raised->is_cancelled() == switches.none());
    }
}

TEST_CASE("a start() that is not cancelled raises its child's failure, fixed or not") {
    for (const Switches switches : kErrorFix) {
        CAPTURE(names_of(switches));
        Start start(switches, {[&](Resume) { return start.fails(); }});
        start.kernel.run();
        REQUIRE(start.raised != nullptr);
        CHECK(start.raised->kind == ErrorKind::named);
    }
}

TEST_CASE("a start() that is cancelled again gives up its child, or with the fix waits for it to end") {
    for (const Switches switches : kWaitsFix) {
        CAPTURE(names_of(switches));
        Start start(switches, {[&](Resume) { return Loop::park(start.future); },
                               [&](Resume) {
                                   start.again.stubborn = true;
                                   return Loop::park(start.again);
                               },
                               [](Resume) { return Poll::returned(); }});
        start.cancel_at(1, 5);
        start.cancel_at(2, 6);
        start.cancel_at(3, 7);
        start.kernel.at(4, start.kernel.callback([&] { start.kernel.set_result(start.again); }));
        start.kernel.run();
        REQUIRE(start.raised != nullptr);
        CHECK(start.ended_at == (switches.none() ? 2 : 4));
        CHECK(start.raised->message == (switches.none() ? 6 : 7));
    }
}

TEST_CASE("a start() that is cancelled again as its child has ended does not wait any more, fixed or not") {
    std::uint64_t iterations[2];
    for (const bool fixed : {false, true}) {
        CAPTURE(fixed);
        Start start(kWaitsFix[fixed],
                    {[&](Resume) { return Loop::park(start.future); },
                     [&](Resume) {
                         // Wakes start() when it returns: that is cancelled before it runs.
                         start.kernel.soon(start.kernel.callback([&] { start.kernel.cancel_task(*start.starter, 6); }));
                         return Poll::returned();
                     }});
        start.cancel_at(1, 5);
        start.kernel.run();
        REQUIRE(start.raised != nullptr);
        CHECK(start.raised->message == 6);
        CHECK(start.starter->waiter.done());
        iterations[fixed] = start.kernel.counters().iterations;
    }
    CHECK(iterations[0] == iterations[1]);
}

}  // namespace cancelsim::model
