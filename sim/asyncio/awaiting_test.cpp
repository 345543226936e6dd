// Awaiting a task, wait_for(), shield(), gather(), wait().
#include "sim/asyncio/awaiting.h"

#include <doctest/doctest.h>

#include "sim/asyncio/testing.h"

namespace cancelsim::sim::asyncio {

namespace {

constexpr const Python* kPythons[]{&kPython311, &kPython312, &kPython313};

struct WaitLoop : AwaitingLoop {
    using AwaitingLoop::AwaitingLoop;

    Await waits_for(Future& fut, Time timeout) {
        return [this, &fut, timeout](Task& task) { return wait_for(*this, task, fut, timeout); };
    }
    Await gathers(std::vector<Future*> children, bool return_exceptions = false, Gathered** gathered = nullptr) {
        return [=, this](Task& task) {
            Gathered& outer =
                gather(*this, children.data(), static_cast<std::uint32_t>(children.size()), return_exceptions);
            if (gathered != nullptr) *gathered = &outer;
            return future(outer)(task);
        };
    }
    Await shields(Future& inner) {
        return [this, &inner](Task& task) { return future(shield(*this, inner))(task); };
    }
    Await waits(std::vector<Future*> fs, ReturnWhen return_when, Time timeout = kInfinity) {
        return [=, this](Task& task) {
            return wait(*this, task, fs.data(), static_cast<std::uint32_t>(fs.size()), return_when, timeout);
        };
    }
    /// A task that is cancelled and does not mind.
    Coroutine& ignoring() { return go({for_ever(), sleep(2)}); }
    Coroutine& failing(Error& error) {
        Coroutine& coroutine = body({raises(error)}, true);
        start_task(coroutine.task, coroutine);
        return coroutine;
    }
    /// A task that ends with the CancelledError that it is given.
    Coroutine& waiting() {
        Coroutine& coroutine = body({for_ever()}, true);
        start_task(coroutine.task, coroutine);
        return coroutine;
    }
};

}  // namespace

TEST_CASE("a task that awaits itself is told so in its next step") {
    WaitLoop loop;
    AwaitingLoop::Coroutine* self = nullptr;
    auto& coroutine = loop.go({[&](Task& task) { return Poll::awaiting(task); },
                               [&](Task& task) { return wait_for(loop, task, self->task, kInfinity); }});
    self = &coroutine;
    loop.run();
    CHECK(coroutine.came_to({"RuntimeError", "RuntimeError"}));
}

TEST_CASE("a task that awaited itself can be awaited by nobody any more") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        AwaitingLoop::Coroutine* self = nullptr;
        auto& first = loop.go({[&](Task& task) { return Poll::awaiting(task); }, loop.sleep(9),
                               [&](Task&) { return loop.await(self->task); }});
        self = &first;
        auto& other =
            loop.go({loop.future(first.task), loop.waits_for(first.task, kInfinity), loop.shields(first.task)});
        loop.run();
        CHECK(first.came_to({"RuntimeError", "ok", "RuntimeError"}));
        CHECK(other.came_to({"RuntimeError", "RuntimeError", "ok"}));
        CHECK(other.iterations[1] == 1);
    }
}

TEST_CASE("a cancel is handed on through a long chain of tasks, each of which counts it") {
    WaitLoop loop;
    constexpr int kLength = 100'000;
    std::vector<AwaitingLoop::Coroutine*> chain{&loop.waiting()};
    for (int i = 1; i < kLength; ++i) {
        auto& next = loop.body({loop.future(chain.back()->task)}, true);
        loop.start_task(next.task, next);
        chain.push_back(&next);
    }
    loop.in(3, [&] { CHECK(loop.cancel_task(chain.back()->task, 7)); });
    loop.run(kLength + 100);
    for (const auto* each : chain) {
        REQUIRE(each->task.cancelled());
        REQUIRE(each->task.num_cancels_requested == 1);
        REQUIRE_FALSE(each->task.must_cancel);
    }
}

TEST_CASE("a cancel that is handed on round a circle of tasks ends the run") {
    WaitLoop loop;
    AwaitingLoop::Coroutine* second = nullptr;
    auto& first = loop.go({AwaitingLoop::yield(), [&](Task&) { return Poll::awaiting(second->task); }});
    second = &loop.go({loop.future(first.task)});
    loop.in(4, [&] { loop.cancel_task(first.task, 0); });
    CHECK_THROWS_AS(loop.run(), Runaway);
}

TEST_CASE("wait_for: a result in time, a timeout that cancels, and an exception instead of the cancellation") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        Error error{ErrorKind::named};
        auto& quick = loop.go({loop.sleep(1)});
        auto& slow = loop.waiting();
        auto& breaking = loop.body({loop.for_ever(), loop.raises(error)}, true);
        loop.start_task(breaking.task, breaking);
        auto& coroutine =
            loop.go({loop.waits_for(quick.task, 5), loop.waits_for(slow.task, 5), loop.waits_for(breaking.task, 5)});
        loop.run();
        CHECK(coroutine.came_to({"ok", "TimeoutError", "Exception"}));
        CHECK(coroutine.task.num_cancels_requested == 0);
        CHECK(slow.task.cancelled());
        CHECK(loop.now() == 11);
    }
}

TEST_CASE("wait_for with no time left cancels and waits, and gives the result of what is done") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        auto& slow = loop.waiting();
        auto& ignoring = loop.ignoring();
        auto& coroutine = loop.go({AwaitingLoop::yield(), loop.waits_for(slow.task, 0), loop.waits_for(slow.task, -1),
                                   loop.waits_for(ignoring.task, 0)});
        loop.run();
        CHECK(coroutine.came_to({"ok", "TimeoutError", "CancelledError", "ok"}));
    }
}

TEST_CASE("wait_for cancels what it waits for when it is cancelled, and waits for its end") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        auto& inner = loop.waiting();
        auto& coroutine = loop.go({loop.waits_for(inner.task, 5)});
        loop.in(3, [&] { loop.cancel_task(coroutine.task, 7); });
        loop.run();
        CHECK(coroutine.came_to({"CancelledError"}));
        CHECK(coroutine.last->message == 7);
        CHECK(inner.task.cancelled());
        CHECK(loop.now() == 0);
    }
}

TEST_CASE("a cancel in the iteration of the result: wait_for loses it on 3.11") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        Future inner;
        auto& coroutine = loop.go({loop.waits_for(inner, 5)});
        // The result wakes the waiting; the cancel comes in the same iteration as that.
        loop.in(3, [&] { loop.set_result(inner); });
        loop.in(4, [&] { loop.cancel_task(coroutine.task, 7); });
        loop.in(3, [&] {
            if (python->wait_for_is_a_timeout) loop.cancel_task(coroutine.task, 7);
        });
        loop.run();
        CHECK(coroutine.came_to({python->wait_for_is_a_timeout ? "CancelledError" : "ok"}));
    }
}

TEST_CASE("shield: cancelling the waiter leaves the inner task alone, and takes the callback away") {
    WaitLoop loop;
    auto& inner = loop.go({loop.sleep(5)});
    auto& coroutine = loop.go({loop.shields(inner.task), loop.shields(inner.task), loop.shields(inner.task)});
    loop.in(3, [&] { loop.cancel_task(coroutine.task, 7); });
    loop.run();
    CHECK(coroutine.came_to({"CancelledError", "ok", "ok"}));
    CHECK(inner.came_to({"ok"}));
}

TEST_CASE("shield: an inner task that is cancelled cancels the outer future without message") {
    WaitLoop loop;
    Error error{ErrorKind::named};
    auto& inner = loop.waiting();
    auto& failing = loop.failing(error);
    auto& coroutine = loop.go({loop.shields(inner.task), loop.shields(failing.task)});
    loop.in(3, [&] { loop.cancel_task(inner.task, 7); });
    loop.run();
    CHECK(coroutine.came_to({"CancelledError", "Exception"}));
    CHECK(loop.take_exception(inner.task)->message == 7);
}

TEST_CASE("gather: results, the first exception, and each outcome with return_exceptions") {
    WaitLoop loop;
    Error error{ErrorKind::named};
    auto& ok = loop.go({loop.sleep(3)});
    auto& failing = loop.failing(error);
    auto& cancelled = loop.waiting();
    Gathered* gathered = nullptr;
    auto& coroutine = loop.go({loop.gathers({&ok.task, &ok.task}), loop.gathers({&ok.task, &failing.task}),
                               loop.gathers({&ok.task, &failing.task, &cancelled.task}, true, &gathered)});
    loop.at(9, loop.callback([&] { loop.cancel_task(cancelled.task, 7); }));
    loop.run();
    CHECK(coroutine.came_to({"ok", "Exception", "ok"}));
    REQUIRE(gathered->results != nullptr);
    CHECK(gathered->results[0] == nullptr);
    CHECK(gathered->results[1] == &error);
    CHECK(gathered->results[2]->is_cancelled());
    CHECK(gathered->results[2]->message == 0);
    CHECK(loop.take_exception(cancelled.task)->message == 7);
}

TEST_CASE("gather of tasks that are done: a handle for each on 3.11, none from 3.12 on") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        WaitLoop loop(*python);
        auto& a = loop.go({AwaitingLoop::yield()});
        auto& b = loop.go({AwaitingLoop::yield()});
        auto& coroutine =
            loop.go({AwaitingLoop::yield(), AwaitingLoop::yield(), loop.gathers({&a.task, &b.task, &a.task})});
        loop.run();
        CHECK(coroutine.came_to({"ok", "ok", "ok"}));
        CHECK(coroutine.iterations.back() == (python->gather_counts_done_at_once ? 3 : 5));
        CHECK(loop.counters().handles == (python->gather_counts_done_at_once ? 7 : 10));
    }
}

TEST_CASE("cancelling a gather cancels the children, once for each time they were given, and it ends when they have") {
    for (const bool return_exceptions : {false, true}) {
        WaitLoop loop;
        auto& a = loop.waiting();
        auto& b = loop.ignoring();
        auto& coroutine = loop.go({loop.gathers({&a.task, &b.task, &a.task}, return_exceptions)});
        loop.in(3, [&] { CHECK(loop.cancel_task(coroutine.task, 7)); });
        loop.run();
        CHECK(coroutine.came_to({"CancelledError"}));
        CHECK(a.task.num_cancels_requested == 2);
        CHECK(b.task.num_cancels_requested == 1);
        CHECK(b.outcomes == std::vector<std::string>{"CancelledError", "ok"});
        // Without return_exceptions the first child that ends cancelled ends it.
        CHECK((coroutine.iterations[0] > b.iterations[1]) == return_exceptions);
    }
}

TEST_CASE("a gather whose children are done refuses to be cancelled, so that the waiting task must be") {
    WaitLoop loop;
    Future future;
    auto& coroutine = loop.go({loop.gathers({&future})});
    loop.in(3, [&] {
        loop.set_result(future);
        CHECK(loop.cancel_task(coroutine.task, 7));
        CHECK(coroutine.task.must_cancel);
    });
    loop.run();
    CHECK(coroutine.came_to({"CancelledError"}));
}

TEST_CASE("wait: until the first is done, the first fails, all are, or the time is up") {
    WaitLoop loop;
    Error error{ErrorKind::named};
    auto& one = loop.go({loop.sleep(1)});
    auto& three = loop.body({loop.sleep(3), loop.raises(error)}, true);
    loop.start_task(three.task, three);
    auto& five = loop.go({loop.sleep(5)});
    const std::vector<Future*> all{&one.task, &three.task, &five.task};
    std::vector<Time> times;
    const auto notes_time = loop.does([&]() -> Error* {
        times.push_back(loop.now());
        return nullptr;
    });
    auto& coroutine =
        loop.go({loop.waits(all, ReturnWhen::first_completed), notes_time, loop.waits(all, ReturnWhen::first_exception),
                 notes_time, loop.waits(all, ReturnWhen::all_completed, 1), notes_time,
                 loop.waits(all, ReturnWhen::all_completed), notes_time});
    loop.run();
    CHECK(coroutine.came_to({"ok", "ok", "ok", "ok", "ok", "ok", "ok", "ok"}));
    CHECK(times == std::vector<Time>{1, 3, 4, 5});
}

TEST_CASE("wait: cancelling the waiter leaves the tasks alone, and its callbacks are gone") {
    WaitLoop loop;
    auto& inner = loop.go({loop.sleep(5)});
    auto& coroutine = loop.go({loop.waits({&inner.task}, ReturnWhen::all_completed, 9)});
    loop.in(3, [&] { loop.cancel_task(coroutine.task, 7); });
    loop.run();
    CHECK(coroutine.came_to({"CancelledError"}));
    CHECK(inner.came_to({"ok"}));
    CHECK(loop.now() == 5);
    // Two first steps, the arrival, the wakeup that the cancel made, the sleep's timer, the wakeup after it.
    CHECK(loop.counters().handles == 6);
}

TEST_CASE("a set of futures holds each once, in the order of the first occurrences") {
    Arena arena;
    Future a, b, c;
    Future* futures[]{&b, &a, &b, &c, &a, &b};
    REQUIRE(unique(arena, futures, 6) == 3);
    CHECK(futures[0] == &b);
    CHECK(futures[1] == &a);
    CHECK(futures[2] == &c);
}

TEST_CASE("a callback that is removed leaves the others in their order") {
    WaitLoop loop;
    Future future;
    std::vector<Callback> callbacks;
    for (const char* word : {"a", "b", "c", "d"}) callbacks.push_back(loop.says(word));
    for (const Callback& each : callbacks) loop.add_done_callback(future, each);
    loop.remove_done_callback(future, callbacks[2]);
    loop.remove_done_callback(future, callbacks[0]);
    loop.remove_done_callback(future, callbacks[0]);
    loop.remove_done_callback(future, callbacks[3]);
    loop.add_done_callback(future, callbacks[0]);
    loop.set_result(future);
    loop.run();
    CHECK(loop.log == std::vector<std::string>{"b", "a"});
}

}  // namespace cancelsim::sim::asyncio
