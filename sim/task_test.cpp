// Tasks and futures: what CPython 3.11's C implementation does, and what a cancellation of a task can come to.
#include <doctest/doctest.h>

#include "sim/testing.h"

namespace cancelsim::sim {

namespace {

using Kind = Poll::Kind;

/// `await future`, and what came of it: nothing, or the message of a CancelledError.
struct Waiter {
    CancelMessage message = 0;
    bool resumed = false;
    bool interrupted = false;

    std::vector<Script::Step> steps(Future& future) {
        return {[&future](Resume) { return Loop::park(future); }, ending()};
    }
    /// Notes what the await came to, and ends.
    Script::Step ending() {
        return [this](Resume with) {
            resumed = true;
            interrupted = with.thrown != nullptr;
            if (interrupted) message = with.thrown->message;
            return Poll::returned();
        };
    }
};

}  // namespace

TEST_CASE("cancelling a done task is refused, and not counted") {
    TestLoop loop;
    Task& task = loop.spawn({[](Resume) { return Poll::returned(); }});
    loop.run();
    CHECK_FALSE(loop.cancel_task(task, 1));
    CHECK(task.num_cancels_requested == 0);
}

TEST_CASE("cancelling a task whose waiter accepts cancels the waiter, with the message") {
    TestLoop loop;
    Future future;
    Waiter waiter;
    Task& task = loop.spawn(waiter.steps(future));
    loop.arrive_at_iteration(2, loop.callback([&] {
        CHECK(task.fut_waiter == &future);
        CHECK(loop.cancel_task(task, 7));
        CHECK_FALSE(task.must_cancel);
        CHECK(future.cancelled());
    }));
    loop.run();
    CHECK(waiter.interrupted);
    CHECK(waiter.message == 7);
    CHECK(task.num_cancels_requested == 1);
}

TEST_CASE("cancelling a task that is about to run sets must_cancel, and it never starts") {
    TestLoop loop;
    bool started = false;
    Task& task = loop.spawn({[&](Resume) {
        started = true;
        return Poll::returned();
    }});
    CHECK(task.fut_waiter == nullptr);
    CHECK(loop.cancel_task(task, 7));
    CHECK(task.must_cancel);
    CHECK(task.num_cancels_requested == 1);
    loop.run();
    CHECK_FALSE(started);
    CHECK(task.cancelled());
    CHECK(loop.take_exception(task)->message == 7);
}

TEST_CASE("a task in a bare yield waits for nothing, so that cancelling it sets must_cancel") {
    TestLoop loop;
    Waiter waiter;
    Task& task = loop.spawn({[](Resume) { return Poll::yielded(); }, waiter.ending()});
    loop.soon(loop.callback([&] {
        CHECK(task.fut_waiter == nullptr);
        CHECK(loop.cancel_task(task, 7));
        CHECK(task.must_cancel);
    }));
    loop.run();
    CHECK(waiter.message == 7);
    CHECK_FALSE(task.must_cancel);
}

TEST_CASE("cancelling a task that waits for a stubborn future sets must_cancel, and nothing wakes it") {
    TestLoop loop;
    Future future{.stubborn = true};
    Waiter waiter;
    Task& task = loop.spawn(waiter.steps(future));
    loop.arrive_at_iteration(2, loop.callback([&] { CHECK(loop.cancel_task(task, 7)); }));
    CHECK(loop.run() == Verdict::quiescent);
    CHECK(task.must_cancel);
    CHECK_FALSE(future.done());
    CHECK_FALSE(waiter.resumed);
}

TEST_CASE("a cancel in the wakeup window is thrown instead of the result, which is lost, and the last message wins") {
    TestLoop loop;
    Future future;
    Waiter waiter;
    Task& task = loop.spawn(waiter.steps(future));
    loop.arrive_at_iteration(2, loop.callback([&] {
        loop.set_result(future);
        CHECK(task.fut_waiter == &future);
        CHECK(loop.cancel_task(task, 7));
        CHECK(loop.cancel_task(task, 8));
        CHECK(task.must_cancel);
    }));
    loop.run();
    CHECK(waiter.interrupted);
    CHECK(waiter.message == 8);
    CHECK(task.num_cancels_requested == 2);
}

TEST_CASE("two cancels fold into one exception where the waiter is cancelled already, and the first message wins") {
    TestLoop loop;
    Future future;
    Waiter first;
    Waiter second;
    Future never;
    Task& task = loop.spawn({[&](Resume) { return Loop::park(future); },
                             [&](Resume with) {
                                 first.ending()(with);
                                 return Loop::park(never);
                             },
                             second.ending()});
    loop.arrive_at_iteration(2, loop.callback([&] {
        CHECK(loop.cancel_task(task, 7));
        CHECK(loop.cancel_task(task, 8));
        CHECK(task.must_cancel);
    }));
    loop.run();
    CHECK(first.message == 7);
    CHECK_FALSE(task.must_cancel);
    CHECK_FALSE(second.resumed);
    CHECK(task.num_cancels_requested == 2);
}

TEST_CASE("a task that cancelled itself is interrupted when it parks next, an iteration later") {
    TestLoop loop;
    Future future;
    Waiter waiter;
    std::uint64_t interrupted_in = 0;
    loop.spawn({[&](Resume) {
                    loop.cancel_task(*loop.current_task(), 7);
                    return Loop::park(future);
                },
                [&](Resume with) {
                    interrupted_in = loop.iteration();
                    return waiter.ending()(with);
                }});
    loop.run();
    CHECK(waiter.message == 7);
    CHECK(interrupted_in == 2);
    CHECK(future.cancelled());
}

TEST_CASE("a task that cancelled itself and then ends is cancelled") {
    TestLoop loop;
    Task& task = loop.spawn({[&](Resume) {
        loop.cancel_task(*loop.current_task(), 7);
        return Poll::returned();
    }});
    loop.run();
    CHECK(task.cancelled());
    CHECK(task.end_error == nullptr);
}

TEST_CASE("a future that one waiter's cancellation cancelled gives its message to every other and later waiter") {
    TestLoop loop;
    Future future;
    Waiter waiters[3];
    Task& first = loop.spawn(waiters[0].steps(future));
    loop.spawn(waiters[1].steps(future));
    loop.arrive_at_iteration(2, loop.callback([&] { loop.cancel_task(first, 7); }));
    loop.arrive_at_iteration(6, loop.callback([&] { loop.spawn(waiters[2].steps(future)); }));
    loop.run();
    for (const Waiter& waiter : waiters) CHECK(waiter.message == 7);
}

TEST_CASE("uncancel to zero takes a pending cancellation back on 3.13, and only counts on 3.11") {
    for (const Python& python : {kPython311, kPython313}) {
        CAPTURE(python.name);
        TestLoop loop(nullptr, python);
        Waiter waiter;
        Future future;
        Task& task = loop.spawn({[&](Resume) {
                                     Task& self = *loop.current_task();
                                     loop.cancel_task(self, 7);
                                     loop.cancel_task(self, 8);
                                     loop.uncancel(self);
                                     CHECK(self.must_cancel);
                                     loop.uncancel(self);
                                     CHECK(self.num_cancels_requested == 0);
                                     return Loop::park(future);
                                 },
                                 waiter.ending()});
        loop.arrive_at_iteration(9, loop.callback([&] {
            if (!future.done()) loop.set_result(future);
        }));
        loop.run();
        CHECK(waiter.interrupted == !python.uncancel_clears_must_cancel);
        loop.uncancel(task);
        CHECK(task.num_cancels_requested == 0);
    }
}

TEST_CASE("a wait costs one wakeup however long it is, and every done callback is a handle of its own") {
    TestLoop loop;
    Future future;
    Waiter waiter;
    loop.spawn(waiter.steps(future));
    loop.add_done_callback(future, loop.says("first callback"));
    loop.arrive_at_iteration(9, loop.callback([&] {
        if (!future.done()) loop.set_result(future);
    }));
    loop.run();
    CHECK(loop.log == std::vector<std::string>{"first callback"});
    // The first step, the arrival, the callback and the wakeup.
    CHECK(loop.counters().handles == 4);
}

TEST_CASE("a callback added to a done future runs in the next iteration") {
    TestLoop loop;
    Future future;
    loop.set_result(future);
    loop.add_done_callback(future, loop.says("called"));
    CHECK(loop.log.empty());
    loop.run();
    CHECK(loop.log.size() == 1);
}

TEST_CASE("who asks first for a cancelled task's exception gets the one that it raised, later ones get a copy") {
    TestLoop loop;
    Error* raised = loop.new_error(ErrorKind::cancelled, 7);
    Task& task = loop.spawn({[&](Resume) { return Poll::raised(*raised); }});
    loop.run();
    CHECK(task.cancelled());
    CHECK(loop.take_exception(task) == raised);
    CHECK(loop.take_exception(task) != raised);
}

TEST_CASE("waiting for a task waits for its end, and cancelling the waiter cancels it") {
    TestLoop loop;
    Future never;
    Waiter inner;
    Waiter outer;
    Task& child = loop.spawn({[&](Resume) { return Loop::park(never); },
                              [&](Resume with) {
                                  inner.ending()(with);
                                  return Poll::raised(*with.thrown);
                              }});
    Task& parent = loop.spawn(outer.steps(child));
    loop.arrive_at_iteration(2, loop.callback([&] { CHECK(loop.cancel_task(parent, 7)); }));
    loop.run();
    CHECK(inner.message == 7);
    CHECK(outer.message == 7);
    CHECK(child.num_cancels_requested == 1);
}

}  // namespace cancelsim::sim
