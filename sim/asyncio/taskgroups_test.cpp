// asyncio.TaskGroup.
#include "sim/asyncio/taskgroups.h"

#include <doctest/doctest.h>

#include "sim/asyncio/testing.h"
#include "sim/strategies/reversed.h"

namespace cancelsim::sim::asyncio {

namespace {

struct GroupLoop : AwaitingLoop {
    TaskGroup group;

    using AwaitingLoop::AwaitingLoop;

    Await enter(TaskGroup& entered) {
        return does([this, &entered]() -> Error* {
            entered.enter(*this);
            return nullptr;
        });
    }
    Await create_task(TaskGroup& in, Coroutine& body) {
        return does([this, &in, &body] { return in.create_task(*this, body.task, body); });
    }
    /// `__aexit__` with the exception that came last.
    Await leave(TaskGroup& left) {
        return [this, &left](Task& task) {
            auto& coroutine = static_cast<Coroutine&>(*task.frame);
            coroutine.handled = coroutine.last;
            return call(task, left.exit(*this, coroutine.last));
        };
    }
};

}  // namespace

TEST_CASE("a group without tasks is left at once, one with tasks when they are done") {
    GroupLoop loop;
    auto& child = loop.body({AwaitingLoop::yield(), loop.sleep(4)});
    TaskGroup empty;
    auto& parent = loop.go({loop.enter(empty), loop.leave(empty), loop.enter(loop.group),
                            loop.create_task(loop.group, child), loop.leave(loop.group)});
    loop.run();
    CHECK(parent.came_to({"ok", "ok", "ok", "ok", "ok"}));
    CHECK(parent.iterations[1] == 1);
    CHECK(child.came_to({"ok", "ok"}));
    CHECK(loop.now() == 4);
}

TEST_CASE("the first error cancels the other tasks and the parent, whose cancellation the group takes back") {
    for (const Python& python : {kPython311, kPython312, kPython313}) {
        CAPTURE(python.name);
        GroupLoop loop(python);
        Error error{ErrorKind::named};
        auto& failing = loop.body({AwaitingLoop::yield(), loop.raises(error)}, true);
        auto& other = loop.body({loop.for_ever()});
        auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, failing),
                                loop.create_task(loop.group, other), loop.for_ever(), loop.leave(loop.group)});
        loop.run();
        CHECK(other.came_to({"CancelledError"}));
        CHECK(parent.came_to({"ok", "ok", "ok", "CancelledError", "BaseExceptionGroup"}));
        CHECK(parent.last->count == 1);
        CHECK(parent.last->children[0] == &error);
        CHECK(parent.last->context->is_cancelled());
        CHECK(parent.task.num_cancels_requested == 0);
    }
}

TEST_CASE("an exception of the body cancels the tasks, and is raised in a group") {
    GroupLoop loop;
    Error error{ErrorKind::named};
    auto& child = loop.body({loop.for_ever()});
    auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, child), AwaitingLoop::yield(),
                            loop.raises(error), loop.leave(loop.group)});
    loop.run();
    CHECK(child.came_to({"CancelledError"}));
    CHECK(parent.outcomes.back() == "BaseExceptionGroup");
    CHECK(parent.last->context == &error);
    CHECK(parent.task.num_cancels_requested == 0);
}

TEST_CASE("a cancellation while the group is left cancels the tasks, and goes on when they are done") {
    GroupLoop loop;
    auto& child = loop.body({loop.for_ever(), loop.sleep(3)});
    auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, child), loop.leave(loop.group)});
    loop.in(4, [&] { loop.cancel_task(parent.task, 7); });
    loop.run();
    CHECK(child.came_to({"CancelledError", "ok"}));
    CHECK(parent.outcomes.back() == "CancelledError");
    CHECK(parent.last->message == 7);
    CHECK(loop.now() == 3);
}

TEST_CASE("a group that aborts or is finished refuses tasks, and a task may add others while it is left") {
    GroupLoop loop;
    auto& late = loop.body({AwaitingLoop::yield()});
    auto& later = loop.body({AwaitingLoop::yield()});
    auto& child = loop.body({AwaitingLoop::yield(), loop.create_task(loop.group, late)});
    auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, child), loop.leave(loop.group),
                            loop.create_task(loop.group, later)});
    TaskGroup aborting;
    auto& refused = loop.body({AwaitingLoop::yield()});
    auto& stubborn = loop.body({loop.for_ever(), loop.create_task(aborting, refused)});
    auto& cancelled = loop.go({loop.enter(aborting), loop.create_task(aborting, stubborn), loop.leave(aborting)});
    loop.in(4, [&] { loop.cancel_task(cancelled.task, 0); });
    loop.run();
    CHECK(late.came_to({"ok"}));
    CHECK(parent.came_to({"ok", "ok", "ok", "RuntimeError"}));
    CHECK(stubborn.came_to({"CancelledError", "RuntimeError"}));
    CHECK_FALSE(refused.task.started);
}

TEST_CASE("an outer cancellation outlives the error of an inner group from 3.13 on") {
    for (const Python& python : {kPython311, kPython312, kPython313}) {
        CAPTURE(python.name);
        GroupLoop loop(python);
        Error error{ErrorKind::named};
        // It fails when it is cancelled, so that error and cancellation meet in the group.
        auto& failing = loop.body({loop.for_ever(), loop.raises(error)}, true);
        auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, failing), loop.leave(loop.group),
                                AwaitingLoop::yield()});
        loop.in(4, [&] { loop.cancel_task(parent.task, 0); });
        loop.run();
        CHECK(parent.outcomes[2] == "BaseExceptionGroup");
        CHECK(parent.task.num_cancels_requested == 1);
        CHECK(parent.outcomes[3] == (python.group_cancels_parent_again ? "CancelledError" : "ok"));
    }
}

TEST_CASE("the order in which a group cancels its tasks is that of a set") {
    Reversed reversed;
    for (Choices* choices : {static_cast<Choices*>(nullptr), static_cast<Choices*>(&reversed)}) {
        GroupLoop loop(kPython311, choices);
        std::vector<int> order;
        const auto child = [&](int n) -> AwaitingLoop::Coroutine& {
            return loop.body({loop.for_ever(), loop.does([&order, n]() -> Error* {
                                  order.push_back(n);
                                  return nullptr;
                              })});
        };
        auto& parent = loop.go({loop.enter(loop.group), loop.create_task(loop.group, child(1)),
                                loop.create_task(loop.group, child(2)), loop.create_task(loop.group, child(3)),
                                loop.leave(loop.group)});
        loop.in(4, [&] { loop.cancel_task(parent.task, 0); });
        loop.run();
        CHECK(order == (choices == nullptr ? std::vector<int>{1, 2, 3} : std::vector<int>{3, 2, 1}));
    }
}

}  // namespace cancelsim::sim::asyncio
