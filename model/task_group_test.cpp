// Task groups, where no case of the language reaches: entering twice, who sees whose context, what is told of them.
#include "model/task_group.h"

#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

sim::Script& raises(TestKernel& kernel, std::uint32_t name) {
    return kernel.frame({[&kernel, name](Resume) {
        Error* error = kernel.new_error(ErrorKind::named);
        error->name = name;
        return Poll::raised(*error);
    }});
}

struct Errors : sim::Observer {
    std::vector<ErrorKind> kinds;
    void on(const events::CallbackFailed& event) { kinds.push_back(event.error->kind); }
};

struct GroupLife : sim::Observer {
    std::vector<std::string> words;
    void on(const events::GroupEntered&) { words.emplace_back("entered"); }
    void on(const events::TaskSpawned&) { words.emplace_back("spawned"); }
    void on(const events::StartCalled&) { words.emplace_back("start"); }
    void on(const events::StartedCalled&) { words.emplace_back("started"); }
    void on(const events::StartReturned&) { words.emplace_back("start returned"); }
    void on(const events::ChildReported&) { words.emplace_back("reported"); }
    void on(const events::GroupExitBegan&) { words.emplace_back("exit"); }
    void on(const events::GroupLeft&) { words.emplace_back("left"); }
};

}  // namespace

TEST_CASE("a group raises the errors of all its children, in the order of their ends, however many") {
    for (const std::uint32_t count : {1, 4, 5, 9, 20}) {
        CAPTURE(count);
        TestKernel kernel;
        TaskGroup& group = kernel.new_group();
        kernel.spawn({[&](Resume) {
                          group.enter(kernel);
                          for (std::uint32_t i = 0; i < count; ++i) group.start_soon(kernel, raises(kernel, i));
                          return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
                      },
                      [&](Resume with) {
                          REQUIRE(with.thrown != nullptr);
                          REQUIRE(with.thrown->count == count);
                          for (std::uint32_t i = 0; i < count; ++i) CHECK(with.thrown->children[i]->name == i);
                          return Poll::returned();
                      }});
        kernel.run();
    }
}

TEST_CASE("a group may be entered once, from 4.14 on also after it was left") {
    for (const std::string_view version : {"4.13.0", "4.14.2"}) {
        CAPTURE(version);
        TestKernel kernel("upstream", version);
        TaskGroup& group = kernel.new_group();
        const auto refused = [&] {
            const Error* error = group.enter(kernel);
            return error != nullptr && error->kind == ErrorKind::runtime_error;
        };
        bool ended = false;
        kernel.spawn({[&](Resume) {
                          CHECK_FALSE(refused());
                          CHECK(refused());
                          return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
                      },
                      [&](Resume) {
                          CHECK(refused() == (version == "4.14.2"));
                          CHECK(group.cancel_scope->active == (version == "4.13.0"));
                          ended = true;
                          return Poll::returned();
                      }});
        kernel.run();
        CHECK(ended);
    }
}

TEST_CASE("a group whose scope somebody else has entered does not become active") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    kernel.spawn({[&](Resume) {
        group.cancel_scope->enter(kernel);
        CHECK(group.enter(kernel) != nullptr);
        CHECK_FALSE(group.active);
        return Poll::returned();
    }});
    kernel.run();
}

TEST_CASE("what leaving a group a second time raises has what came before as its context") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    Error* ours = nullptr;
    bool ended = false;
    const auto leaves = [&](Error* error) { return kernel.call(*kernel.current_task(), group.exit(kernel, error)); };
    kernel.spawn({[&](Resume) {
                      group.enter(kernel);
                      return leaves(nullptr);
                  },
                  [&](Resume with) {
                      CHECK(with.thrown == nullptr);
                      return leaves(ours = kernel.new_error(ErrorKind::named));
                  },
                  [&](Resume with) {
                      // `_exceptions.append` in the body, and `del _exceptions` in the finally
                      REQUIRE(with.thrown->kind == ErrorKind::attribute_error);
                      REQUIRE(with.thrown->context != nullptr);
                      CHECK(with.thrown->context->kind == ErrorKind::attribute_error);
                      return leaves(nullptr);
                  },
                  [&](Resume with) {
                      // the same, and in between the scope, which is not active
                      REQUIRE(with.thrown->kind == ErrorKind::attribute_error);
                      REQUIRE(with.thrown->context != nullptr);
                      CHECK(with.thrown->context->kind == ErrorKind::runtime_error);
                      REQUIRE(with.thrown->context->context != nullptr);
                      CHECK(with.thrown->context->context->kind == ErrorKind::attribute_error);
                      ended = true;
                      return Poll::returned();
                  }});
    kernel.run();
    CHECK(ended);
}

TEST_CASE("an error with which a cancelled start() finds its child ended has the cancellation as its context") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    Future future;
    Error* raised = nullptr;
    sim::Script& child = kernel.frame({[&](Resume) { return Loop::park(future); },
                                       [&](Resume) { return Poll::raised(*kernel.new_error(ErrorKind::named)); }});
    Task& starter = kernel.spawn({[&](Resume) {
                                      group.enter(kernel);
                                      return kernel.call(*kernel.current_task(), group.start(kernel, child));
                                  },
                                  [&](Resume with) {
                                      raised = with.thrown;
                                      return Poll::returned();
                                  }});
    // The child wakes first, and ends before the one who waits for it comes to cancel it.
    kernel.arrive_at_iteration(4, kernel.callback([&] {
        kernel.set_result(future);
        kernel.cancel_task(starter, 0);
    }));
    kernel.run();
    REQUIRE(raised != nullptr);
    CHECK(raised->kind == ErrorKind::named);
    REQUIRE(raised->context != nullptr);
    CHECK(raised->context->is_cancelled());
}

TEST_CASE("a task with a handle that leaves a scope open fails, with what it raised as the context") {
    TestKernel kernel("upstream", "4.14.2");
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[&](Resume) {
        kernel.new_scope().enter(kernel);
        return Poll::raised(*kernel.new_error(ErrorKind::named));
    }});
    kernel.spawn({[&](Resume) {
        group.enter(kernel);
        group.start_soon(kernel, child);
        return Poll::returned();
    }});
    kernel.run();
    const Error* error = kernel.tasks().back()->exception;
    REQUIRE(error != nullptr);
    CHECK(error->kind == ErrorKind::runtime_error);
    REQUIRE(error->context != nullptr);
    CHECK(error->context->kind == ErrorKind::named);
}

TEST_CASE("a task of a group that has ended has no state any more") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[](Resume) { return Poll::returned(); }});
    kernel.spawn({[&](Resume) {
        group.enter(kernel);
        group.start_soon(kernel, child);
        return Poll::returned();
    }});
    kernel.run();
    const Task& task = static_cast<const Task&>(*kernel.tasks().back());
    CHECK(task.done());
    CHECK_FALSE(task.has_state);
    CHECK(task.cancel_scope == nullptr);
    CHECK(group.tasks == 0);
}

TEST_CASE("a task of a group that ends in no scope, or in one that does not know it, fails an assertion") {
    for (const bool in_no_scope : {true, false}) {
        TestKernel kernel;
        Errors seen;
        TaskGroup& group = kernel.new_group();
        sim::Script& child = kernel.frame({[&](Resume) {
            Task& task = *kernel.current_task();
            task.cancel_scope->tasks.discard(task);  // nothing that anyio does
            if (in_no_scope) task.cancel_scope = nullptr;
            return Poll::returned();
        }});
        kernel.watch(seen);
        kernel.spawn({[&](Resume) {
            group.enter(kernel);
            group.start_soon(kernel, child);
            return Poll::returned();
        }});
        kernel.run();
        CHECK(seen.kinds == std::vector{ErrorKind::assertion_error});
        CHECK(group.tasks == 1);
    }
}

TEST_CASE("what is told of a group's life") {
    TestKernel kernel;
    GroupLife seen;
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[&](Resume) {
        started(kernel);
        return Poll::returned();
    }});
    kernel.watch(seen);
    kernel.spawn({[&](Resume) {
                      group.enter(kernel);
                      return kernel.call(*kernel.current_task(), group.start(kernel, child));
                  },
                  [&](Resume) { return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr)); },
                  [](Resume with) { return Poll::ended(with.thrown); }});
    kernel.run();
    CHECK(seen.words == std::vector<std::string>{"entered", "spawned", "start", "started", "start returned", "exit",
                                                 "reported", "left"});
}

}  // namespace cancelsim::model
