#include "model/event.h"

#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Poll;
using sim::Resume;

/// A task that waits for one event after another, and what has woken it.
struct Waiter {
    std::vector<Error*> woken;  ///< for each wait that has ended: the exception, or null
    Task* task = nullptr;

    Waiter(TestKernel& kernel, std::vector<Event*> events) {
        std::vector<sim::Script::Step> steps;
        for (std::size_t i = 0; i <= events.size(); ++i)
            steps.push_back([this, &kernel, events, i](Resume with) {
                if (i > 0) {
                    event_wait_ends(*events[i - 1], *task);
                    woken.push_back(with.thrown);
                }
                return i < events.size() ? event_wait(kernel, *events[i], *task) : Poll::returned();
            });
        task = &kernel.spawn(steps);
    }
};

}  // namespace

TEST_CASE("setting an event wakes all that wait for it, whoever has gone before") {
    for (std::size_t leaves = 0; leaves < 3; ++leaves) {
        CAPTURE(leaves);
        TestKernel kernel;
        Event event;
        Event never;
        Waiter waiters[3]{{kernel, {&event, &never}}, {kernel, {&event, &never}}, {kernel, {&event, &never}}};
        kernel.arrive_at_iteration(2, kernel.callback([&] { kernel.cancel_task(*waiters[leaves].task, 0); }));
        kernel.arrive_at_iteration(4, kernel.callback([&] { event.set(kernel); }));
        kernel.run();
        for (std::size_t i = 0; i < 3; ++i) {
            REQUIRE(waiters[i].woken.size() == 1);
            CHECK((waiters[i].woken[0] != nullptr) == (i == leaves));
        }
        CHECK(event.first_waiting == nullptr);
        CHECK(event.last_waiting == nullptr);
    }
}

TEST_CASE("a task that has left one queue takes nobody with it into another") {
    TestKernel kernel;
    Event first;
    Event second;
    Waiter leaves(kernel, {&first, &second});
    Waiter stays(kernel, {&first});
    kernel.arrive_at_iteration(2, kernel.callback([&] { kernel.cancel_task(*leaves.task, 0); }));
    kernel.arrive_at_iteration(4, kernel.callback([&] { second.set(kernel); }));
    kernel.run();
    CHECK(leaves.woken.size() == 2);
    CHECK(stays.woken.empty());
}

}  // namespace cancelsim::model
