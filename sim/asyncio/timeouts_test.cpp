// asyncio.timeout(): what it takes for its own, and which handles it makes.
#include "sim/asyncio/timeouts.h"

#include <doctest/doctest.h>

#include "sim/asyncio/testing.h"

namespace cancelsim::sim::asyncio {

namespace {

using Outcomes = std::vector<std::string>;

/// A loop with one timeout, and how it is entered and left.
struct TimeoutLoop : AwaitingLoop {
    Timeout timeout;

    using AwaitingLoop::AwaitingLoop;

    Await enter(Time when) {
        return does([this, when]() -> Error* {
            timeout.when = when;
            timeout.enter(*this);
            return nullptr;
        });
    }
    Await reschedule(Time when) {
        return does([this, when] { return timeout.reschedule(*this, when); });
    }
    /// With the exception that came last.
    Await leave() {
        return [this](Task& task) {
            auto& coroutine = static_cast<Coroutine&>(*task.frame);
            Error* exc = coroutine.handled = coroutine.last;
            Error* raised = timeout.exit(*this, exc);
            coroutine.handled = nullptr;
            return Poll::ended(raised != nullptr ? raised : exc);
        };
    }
};

}  // namespace

TEST_CASE("a timeout turns its own cancellation into TimeoutError, in whose context it stays") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.enter(5), loop.for_ever(), loop.leave()});
    loop.run();
    CHECK(coroutine.came_to({"ok", "CancelledError", "TimeoutError"}));
    CHECK(coroutine.last->context->is_cancelled());
    CHECK(loop.timeout.expired());
    CHECK(coroutine.task.num_cancels_requested == 0);
    CHECK(loop.now() == 5);
}

TEST_CASE(
    "a timeout that expired leaves a CancelledError that another has asked for too, and takes back its own request") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.enter(5), loop.for_ever(), loop.leave()});
    loop.at(5, loop.callback([&] { loop.cancel_task(coroutine.task, 0); }));
    loop.run();
    CHECK(coroutine.came_to({"ok", "CancelledError", "CancelledError"}));
    CHECK(loop.timeout.expired());
    CHECK(coroutine.task.num_cancels_requested == 1);
}

TEST_CASE("a timeout that is left in time runs no handle and moves no time") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.enter(5), AwaitingLoop::yield(), loop.leave()});
    loop.run();
    CHECK(coroutine.came_to({"ok", "ok", "ok"}));
    CHECK(loop.timeout.state == Timeout::State::exited);
    CHECK(loop.now() == 0);
    CHECK(loop.counters().handles == 2);
}

TEST_CASE("a timeout that is due when it is entered expires by a handle of the next iteration") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.enter(-3), AwaitingLoop::yield(), loop.leave()});
    loop.run();
    // Its handle was made before the one of the bare yield, which so meets the cancellation.
    CHECK(coroutine.came_to({"ok", "CancelledError", "TimeoutError"}));
    CHECK(loop.timeout.expired());
}

TEST_CASE("a timeout that is rescheduled while its handle is due gets a new one, and the old one is none") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.enter(0), loop.reschedule(0), loop.reschedule(7), loop.for_ever(), loop.leave()});
    loop.run();
    CHECK(coroutine.came_to({"ok", "ok", "ok", "CancelledError", "TimeoutError"}));
    CHECK(loop.now() == 7);
    // The first step, the timer, the wakeup.
    CHECK(loop.counters().handles == 3);
}

TEST_CASE("a timeout without a time never expires, and one that was left cannot be rescheduled") {
    TimeoutLoop loop;
    auto& coroutine = loop.go({loop.reschedule(1), loop.enter(kInfinity), AwaitingLoop::yield(), loop.reschedule(9),
                               loop.reschedule(kInfinity), AwaitingLoop::yield(), loop.leave(), loop.reschedule(1)});
    loop.run();
    CHECK(coroutine.came_to({"RuntimeError", "ok", "ok", "ok", "ok", "ok", "ok", "RuntimeError"}));
    CHECK(loop.now() == 0);
}

TEST_CASE("another exception leaves an expired timeout: from 3.13 on with a TimeoutError in its context") {
    for (const Python& python : {kPython311, kPython312, kPython313}) {
        CAPTURE(python.name);
        TimeoutLoop loop(python);
        Error cancelled{ErrorKind::cancelled};
        Error raised{.kind = ErrorKind::named, .context = &cancelled};
        auto& coroutine = loop.go({loop.enter(5), loop.for_ever(), loop.raises(raised), loop.leave()});
        loop.run();
        CHECK(coroutine.came_to({"ok", "CancelledError", "Exception", "Exception"}));
        CHECK(coroutine.task.num_cancels_requested == 0);
        const bool marked = raised.context->kind == ErrorKind::timeout_error;
        CHECK(marked == python.timeout_marks_other_errors);
        if (marked) CHECK(raised.context->context == &cancelled);
    }
}

TEST_CASE("from 3.13 on each exception of a group that leaves an expired timeout is marked") {
    TimeoutLoop loop(kPython313);
    Error cancelled{ErrorKind::cancelled};
    Error inner{.kind = ErrorKind::named, .context = &cancelled};
    Error* const children[]{&inner};
    Error* group = new_exception_group(loop.arena(), children, 1);
    loop.go({loop.enter(5), loop.for_ever(), loop.raises(*group), loop.leave()});
    loop.run();
    CHECK(inner.context->kind == ErrorKind::timeout_error);
}

}  // namespace cancelsim::sim::asyncio
