// The fix `left-scope`: a scope that its host has left, by hand, while tasks or scopes are in it.
#include <doctest/doctest.h>

#include "model/cancel_scope.h"
#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

void use(TestKernel& kernel, Switches switches) {
    Config config = kernel.config();
    config.switches = switches;
    kernel.reset(config, nullptr);
}

const Switches kSwitches[]{{}, {Fix::cancels_left_scopes}};

enum class Holds { nothing, a_task, a_scope };

/// A task that enters `outer` and a group in it, and leaves the group's scope by hand while a child is parked there:
/// in the scope itself, or in a scope of its own inside it; or there is no child.
struct Leaver {
    TestKernel kernel{"upstream", "4.13.0"};
    CancelScope* outer = nullptr;
    TaskGroup* group = nullptr;
    CancelScope* of_child = nullptr;
    Future never;
    Future more;
    Future end;
    Task* child = nullptr;
    Error* thrown = nullptr;  ///< into the child's first wait

    /// The host's steps after that; it then waits for `end`.
    std::function<void()> then = [] {};

    Leaver(Switches switches, Holds holds) {
        use(kernel, switches);
        outer = &kernel.new_scope();
        group = &kernel.new_group();
        of_child = &kernel.new_scope();
        sim::Script& coro = kernel.frame({[this, holds](Resume) {
                                              child = kernel.current_task();
                                              if (holds == Holds::a_scope) of_child->enter(kernel);
                                              return Loop::park(never);
                                          },
                                          [this](Resume with) {
                                              thrown = with.thrown;
                                              return Loop::park(more);
                                          },
                                          [](Resume with) { return Poll::ended(with.thrown); }});
        kernel.spawn({[this, holds, &coro](Resume) {
                          outer->enter(kernel);
                          group->enter(kernel);
                          if (holds != Holds::nothing) group->start_soon(kernel, coro);
                          return Poll::yielded();
                      },
                      [](Resume) { return Poll::yielded(); },
                      [this](Resume) {
                          scope().exit(kernel, nullptr);
                          then();
                          return Loop::park(end);
                      },
                      [](Resume with) { return Poll::ended(with.thrown); }});
    }

    CancelScope& scope() { return *group->cancel_scope; }
};

}  // namespace

TEST_CASE("a scope that is left stays its parent's with the fix, and only while a task or a scope is in it") {
    for (const Switches switches : kSwitches)
        for (const Holds holds : {Holds::nothing, Holds::a_task, Holds::a_scope}) {
            CAPTURE(names_of(switches));
            CAPTURE(static_cast<int>(holds));
            Leaver leaver(switches, holds);
            leaver.kernel.run(9);
            CHECK(leaver.scope().tasks.empty() == (holds != Holds::a_task));
            CHECK(leaver.scope().child_scopes.empty() == (holds != Holds::a_scope));
            CHECK(leaver.scope().host_task == nullptr);
            const bool stays = !switches.none() && holds != Holds::nothing;
            CHECK(leaver.outer->child_scopes.contains(leaver.scope()) == stays);
        }
}

TEST_CASE("cancelling a scope that was left interrupts who is in it with the fix only") {
    for (const Switches switches : kSwitches)
        for (const Holds holds : {Holds::a_task, Holds::a_scope}) {
            CAPTURE(names_of(switches));
            CAPTURE(static_cast<int>(holds));
            Leaver leaver(switches, holds);
            leaver.then = [&] { leaver.scope().cancel(leaver.kernel); };
            leaver.kernel.run(9);
            CHECK(leaver.scope().cancel_called);
            CHECK((leaver.thrown != nullptr) == !switches.none());
            if (leaver.thrown != nullptr) CHECK(leaver.thrown->message == leaver.scope().cancel_reason());
        }
}

TEST_CASE("cancelling the parent of a scope that was left interrupts who is in it with the fix only") {
    for (const Switches switches : kSwitches) {
        CAPTURE(names_of(switches));
        Leaver leaver(switches, Holds::a_task);
        leaver.then = [&] { leaver.outer->cancel(leaver.kernel); };
        leaver.kernel.run(9);
        CHECK((leaver.thrown != nullptr) == !switches.none());
    }
}

TEST_CASE("a scope that was left with nothing in it has no pass when it is cancelled") {
    for (const Switches switches : kSwitches) {
        CAPTURE(names_of(switches));
        struct Passes : sim::Observer {
            int count = 0;
            void on(const events::PassEnded&) { ++count; }
        } passes;
        Leaver leaver(switches, Holds::nothing);
        leaver.kernel.watch(passes);
        leaver.then = [&] { leaver.scope().cancel(leaver.kernel); };
        leaver.kernel.run(9);
        CHECK(leaver.scope().cancel_called);
        CHECK(passes.count == 0);
    }
}

TEST_CASE("a scope that held a task when it was left can be entered again, in the same parent or in another") {
    for (const Switches switches : kSwitches)
        for (const bool in_another : {false, true}) {
            CAPTURE(names_of(switches));
            CAPTURE(in_another);
            Leaver leaver(switches, Holds::a_task);
            CancelScope& parent = in_another ? leaver.kernel.new_scope() : *leaver.outer;
            CancelScope& sibling = leaver.kernel.new_scope();
            leaver.then = [&] {
                if (in_another) parent.enter(leaver.kernel);
                sibling.enter(leaver.kernel);
                sibling.exit(leaver.kernel, nullptr);
                CHECK(leaver.scope().enter(leaver.kernel) == nullptr);
            };
            leaver.kernel.run(9);
            CHECK(leaver.scope().parent_scope == &parent);
            CHECK(parent.child_scopes.contains(leaver.scope()));
            CHECK(parent.child_scopes.size() == 1);
            // Where it was before, nothing is left of it: not even a count.
            CHECK(leaver.outer->child_scopes.size() == 1);
            CHECK(leaver.outer->child_scopes.contains(leaver.scope()) == !in_another);
        }
}

TEST_CASE("a scope whose child `start` has seen end is forgotten when it is left, though the child still is in it") {
    TestKernel kernel{"upstream", "4.15.1"};
    use(kernel, {Fix::cancels_left_scopes});
    TaskGroup& group = kernel.new_group();
    CancelScope& scope = kernel.new_scope();
    bool held = false;
    sim::Script& child =
        kernel.frame({[](Resume) { return Poll::yielded(); }, [](Resume with) { return Poll::ended(with.thrown); }});
    kernel.spawn({[&](Resume) {
                      group.enter(kernel);
                      scope.enter(kernel);
                      scope.cancel(kernel);
                      return kernel.call(*kernel.current_task(), group.start(kernel, child));
                  },
                  [&](Resume with) {
                      held = !scope.tasks.empty();
                      kernel.leave(scope, with.thrown);
                      return Loop::park(kernel.current_task()->waiter);
                  },
                  [](Resume with) { return Poll::ended(with.thrown); }});
    kernel.run();
    CHECK(held);
    CHECK(scope.in_parent.owner == nullptr);
    CHECK(group.cancel_scope->child_scopes.empty());
}

}  // namespace cancelsim::model
