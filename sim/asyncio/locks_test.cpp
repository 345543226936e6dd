// asyncio.Lock, Semaphore, Condition and Event.
#include "sim/asyncio/locks.h"

#include <doctest/doctest.h>

#include "sim/asyncio/testing.h"

namespace cancelsim::sim::asyncio {

namespace {

constexpr const Python* kPythons[]{&kPython311, &kPython312, &kPython313};

template <class Lockable>
AwaitingLoop::Await acquire(AwaitingLoop& loop, Lockable& lockable) {
    return [&](Task& task) { return lockable.acquire(loop, task); };
}
AwaitingLoop::Await wait(AwaitingLoop& loop, Condition& condition) {
    return [&](Task& task) { return condition.wait(loop, task); };
}

}  // namespace

TEST_CASE("a lock is handed on in order, and is released once") {
    AwaitingLoop loop;
    Lock lock;
    auto& first = loop.go({acquire(loop, lock), AwaitingLoop::yield(), loop.does([&] { return lock.release(loop); }),
                           acquire(loop, lock)});
    auto& second = loop.go({acquire(loop, lock), loop.does([&] { return lock.release(loop); }),
                            loop.does([&] { return lock.release(loop); })});
    loop.run();
    CHECK(first.came_to({"ok", "ok", "ok", "ok"}));
    CHECK(second.came_to({"ok", "ok", "RuntimeError"}));
    CHECK(lock.locked);
    CHECK(lock.waiters.empty());
}

TEST_CASE("a waiter that is cancelled when the lock was handed to it hands it on") {
    AwaitingLoop loop;
    Lock lock{.locked = true};
    auto& first = loop.go({acquire(loop, lock)});
    auto& second = loop.go({acquire(loop, lock)});
    loop.in(3, [&] {
        lock.release(loop);
        loop.cancel_task(first.task, 7);
    });
    loop.run();
    CHECK(first.came_to({"CancelledError"}));
    CHECK(second.came_to({"ok"}));
}

TEST_CASE("a lock whose waiters are all cancelled can be taken before they have gone") {
    AwaitingLoop loop;
    Lock lock{.locked = true};
    auto& waiting = loop.go({acquire(loop, lock)});
    auto& taking = loop.go({AwaitingLoop::yield(), AwaitingLoop::yield(), acquire(loop, lock)});
    loop.in(2, [&] {
        loop.cancel_task(waiting.task, 7);
        lock.release(loop);
    });
    loop.run();
    CHECK(waiting.came_to({"CancelledError"}));
    CHECK(taking.came_to({"ok", "ok", "ok"}));
}

TEST_CASE("a semaphore gives a permit to who waited first, and gets it back from one that is cancelled") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        AwaitingLoop loop(*python);
        Semaphore semaphore{.value = 0};
        auto& first = loop.go({acquire(loop, semaphore)});
        auto& second = loop.go({acquire(loop, semaphore)});
        auto& third = loop.go({acquire(loop, semaphore)});
        loop.in(3, [&] {
            semaphore.release(loop);
            CHECK(semaphore.value == 0);
            loop.cancel_task(first.task, 7);
        });
        loop.run();
        CHECK(first.came_to({"CancelledError"}));
        CHECK(second.came_to({"ok"}));
        CHECK(third.outcomes.empty());
        CHECK(semaphore.value == 0);
        CHECK(semaphore.waiters.size() == 1);
    }
}

TEST_CASE(
    "a semaphore of which several permits come back when one waiter is cancelled wakes all that it can from 3.13 on") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        AwaitingLoop loop(*python);
        Semaphore semaphore{.value = 0};
        auto& first = loop.go({acquire(loop, semaphore)});
        auto& second = loop.go({acquire(loop, semaphore)});
        auto& third = loop.go({AwaitingLoop::yield(), AwaitingLoop::yield(), acquire(loop, semaphore)});
        // The permits go to the first two, who are cancelled before they have them; the third comes between.
        loop.in(3, [&] {
            semaphore.release(loop);
            semaphore.release(loop);
            loop.cancel_task(first.task, 7);
            loop.cancel_task(second.task, 7);
        });
        loop.run();
        CHECK(first.came_to({"CancelledError"}));
        CHECK(second.came_to({"CancelledError"}));
        CHECK(third.came_to({"ok", "ok", "ok"}));
        CHECK(semaphore.value == 1);
    }
}

TEST_CASE("a condition's waiter holds the lock when it goes on, and waiting or notifying without it is refused") {
    AwaitingLoop loop;
    Lock lock;
    Condition condition{.lock = &lock};
    auto& waiting = loop.go({wait(loop, condition), acquire(loop, lock), wait(loop, condition)});
    auto& notifying = loop.go({loop.does([&] { return condition.notify(loop, 1); }), AwaitingLoop::yield(),
                               acquire(loop, lock), loop.does([&] { return condition.notify(loop, 1); }),
                               AwaitingLoop::yield(), loop.does([&] { return lock.release(loop); })});
    loop.run();
    CHECK(waiting.came_to({"RuntimeError", "ok", "ok"}));
    CHECK(notifying.came_to({"RuntimeError", "ok", "ok", "ok", "ok", "ok"}));
    CHECK(lock.locked);
    CHECK(condition.waiters.empty());
}

TEST_CASE("a condition's wait that is cancelled twice raises a new CancelledError on 3.11, and the last on 3.13") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        AwaitingLoop loop(*python);
        Lock lock;
        Condition condition{.lock = &lock};
        auto& waiting = loop.go({acquire(loop, lock), wait(loop, condition)});
        loop.in(3, [&] {
            lock.locked = true;
            loop.cancel_task(waiting.task, 7);
        });
        loop.in(7, [&] { loop.cancel_task(waiting.task, 8); });
        loop.in(12, [&] { lock.release(loop); });
        loop.run();
        CHECK(waiting.came_to({"ok", "CancelledError"}));
        CHECK(waiting.last->message == (python->condition_reraises ? 8 : 0));
        CHECK(waiting.last->context->message == 7);
        CHECK(lock.locked);
    }
}

TEST_CASE("a notification to a waiter that is cancelled is lost until 3.13, which passes it on") {
    for (const Python* python : kPythons) {
        CAPTURE(python->name);
        AwaitingLoop loop(*python);
        Lock lock;
        Condition condition{.lock = &lock};
        auto& first =
            loop.go({acquire(loop, lock), wait(loop, condition), loop.does([&] { return lock.release(loop); })});
        auto& second = loop.go({acquire(loop, lock), wait(loop, condition)});
        loop.in(5, [&] {
            lock.locked = true;
            condition.notify(loop, 1);
            lock.release(loop);
            loop.cancel_task(first.task, 7);
        });
        loop.run();
        CHECK(first.came_to({"ok", "CancelledError", "ok"}));
        CHECK(second.outcomes.size() == (python->condition_passes_notification_on ? 2 : 1));
    }
}

TEST_CASE("an event wakes all that wait, and nobody waits for one that is set") {
    AwaitingLoop loop;
    Event event;
    const auto wait = [&](Task& task) { return event.wait(loop, task); };
    auto& first = loop.go({wait, wait});
    auto& second = loop.go({wait});
    auto& cancelled = loop.go({wait});
    loop.in(3, [&] { loop.cancel_task(cancelled.task, 7); });
    loop.in(3, [&] { event.set(loop); });
    loop.run();
    CHECK(first.came_to({"ok", "ok"}));
    CHECK(second.came_to({"ok"}));
    CHECK(cancelled.came_to({"CancelledError"}));
    CHECK(event.waiters.empty());
}

}  // namespace cancelsim::sim::asyncio
