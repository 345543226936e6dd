// asyncio.Queue.
#include "sim/asyncio/queues.h"

#include <doctest/doctest.h>

#include "sim/asyncio/testing.h"

namespace cancelsim::sim::asyncio {

namespace {

struct QueueLoop : AwaitingLoop {
    Queue queue;
    Item got[8] = {};

    Await put(Item item) {
        return [this, item](Task& task) { return queue.put(*this, task, item); };
    }
    Await get(int where) {
        return [this, where](Task& task) { return queue.get(*this, task, got[where]); };
    }
    Await join() {
        return [this](Task& task) { return queue.join(*this, task); };
    }
    Await task_done() {
        return does([this] { return queue.task_done(*this); });
    }
};

}  // namespace

TEST_CASE("items come in the order in which they were put, and who gets from an empty queue waits") {
    QueueLoop loop;
    auto& getting = loop.go({loop.get(0), loop.get(1), loop.get(2)});
    auto& putting = loop.go({AwaitingLoop::yield(), loop.put(1), loop.put(2), AwaitingLoop::yield(), loop.put(3)});
    loop.run();
    CHECK(getting.came_to({"ok", "ok", "ok"}));
    CHECK(putting.outcomes.size() == 5);
    CHECK(loop.got[0] == 1);
    CHECK(loop.got[1] == 2);
    CHECK(loop.got[2] == 3);
}

TEST_CASE("who puts into a full queue waits, and what does not wait is refused") {
    QueueLoop loop;
    loop.queue.maxsize = 1;
    auto& putting = loop.go({loop.put(1), loop.does([&] { return loop.queue.put_nowait(loop, 9); }), loop.put(2)});
    auto& getting = loop.go({AwaitingLoop::yield(), loop.get(0), loop.get(1),
                             loop.does([&] { return loop.queue.get_nowait(loop, loop.got[2]); })});
    loop.run();
    CHECK(putting.came_to({"ok", "QueueFull", "ok"}));
    CHECK(getting.came_to({"ok", "ok", "ok", "QueueEmpty"}));
    CHECK(loop.got[1] == 2);
    CHECK(loop.queue.putters.empty());
}

TEST_CASE("a getter that is cancelled when an item came for it wakes the next") {
    QueueLoop loop;
    auto& first = loop.go({loop.get(0)});
    auto& second = loop.go({loop.get(1)});
    loop.in(3, [&] {
        loop.queue.put_nowait(loop, 5);
        loop.cancel_task(first.task, 7);
    });
    loop.run();
    CHECK(first.came_to({"CancelledError"}));
    CHECK(second.came_to({"ok"}));
    CHECK(loop.got[1] == 5);
}

TEST_CASE(
    "a putter that is cancelled when room came for it wakes the next, and one that is cancelled before is skipped") {
    QueueLoop loop;
    loop.queue.maxsize = 1;
    auto& before = loop.go({loop.put(1), loop.put(2)});
    auto& first = loop.go({loop.put(3)});
    auto& second = loop.go({loop.put(4)});
    loop.in(3, [&] { loop.cancel_task(before.task, 7); });
    loop.in(5, [&] {
        loop.queue.get_nowait(loop, loop.got[0]);
        loop.cancel_task(first.task, 7);
    });
    loop.run();
    CHECK(before.came_to({"ok", "CancelledError"}));
    CHECK(first.came_to({"CancelledError"}));
    CHECK(second.came_to({"ok"}));
    CHECK(loop.queue.qsize() == 1);
}

TEST_CASE("join waits until each item is done, and no more can be done than were put") {
    QueueLoop loop;
    auto& joining = loop.go({loop.join(), loop.put(1), loop.put(2), loop.join()});
    auto& working = loop.go(
        {loop.get(0), loop.task_done(), AwaitingLoop::yield(), loop.get(0), loop.task_done(), loop.task_done()});
    loop.run();
    CHECK(joining.came_to({"ok", "ok", "ok", "ok"}));
    CHECK(working.outcomes.back() == "ValueError");
    CHECK(joining.iterations.back() > working.iterations[4]);
}

TEST_CASE("a queue without a limit grows, and keeps the order") {
    QueueLoop loop;
    Item item = 0;
    Item expected = 0;
    for (Item n = 0; n < 100; ++n) {
        CHECK(loop.queue.put_nowait(loop, 2 * n) == nullptr);
        CHECK(loop.queue.put_nowait(loop, 2 * n + 1) == nullptr);
        CHECK(loop.queue.get_nowait(loop, item) == nullptr);
        CHECK(item == expected++);
    }
    CHECK(loop.queue.qsize() == 100);
    while (!loop.queue.empty()) {
        loop.queue.get_nowait(loop, item);
        CHECK(item == expected++);
    }
}

}  // namespace cancelsim::sim::asyncio
