// The fix of #1214 counts: which requests are native, and which of them have been met.
#include "model/native_cancels.h"

#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

/// On 4.13.0 with upstream's policy.
struct FixedKernel : TestKernel {
    explicit FixedKernel(Switches switches) : TestKernel("upstream") {
        Config config = this->config();
        config.switches = switches;
        reset(config, nullptr);
    }
};

}  // namespace

TEST_CASE("native requests are those that no scope made: neither one of the task's own nor another") {
    FixedKernel kernel({Fix::asks_again_for_native_cancel});
    Task task;
    Task other;
    CancelScope& outermost = kernel.new_scope();
    CancelScope& of_other = kernel.new_scope();
    CancelScope& innermost = kernel.new_scope();
    outermost.host_task = innermost.host_task = &task;
    of_other.host_task = &other;
    innermost.parent_scope = &of_other;
    of_other.parent_scope = &outermost;
    task.cancel_scope = &innermost;
    CHECK(native_cancels(kernel, task) == 0);
    task.num_cancels_requested = 9;
    CHECK(native_cancels(kernel, task) == 9);
    innermost.pending_uncancellations = 1;
    CHECK(native_cancels(kernel, task) == 8);
    outermost.pending_uncancellations = 2;
    CHECK(native_cancels(kernel, task) == 6);
    of_other.pending_uncancellations = 2;
    CHECK_MESSAGE(native_cancels(kernel, task) == 6, "those of a scope that it does not host were of its host");
    task.cancels_by_others = 3;
    CHECK(native_cancels(kernel, task) == 3);
    // The program may have taken back more with uncancel() than was native.
    task.num_cancels_requested = 4;
    CHECK(native_cancels(kernel, task) == 0);
    task.num_cancels_requested = 1;
    CHECK(native_cancels(kernel, task) == 0);
}

TEST_CASE("a native request that is still pending has not been met") {
    FixedKernel kernel({Fix::asks_again_for_native_cancel});
    Task task;
    task.num_cancels_requested = 2;
    CHECK(native_cancels_met(kernel, task) == 2);
    task.must_cancel = true;
    CHECK(native_cancels_met(kernel, task) == 1);
    CHECK(native_cancels(kernel, task) == 2);
    CHECK(native_cancel_came(kernel, task, 1));
    CHECK_FALSE(native_cancel_came(kernel, task, 2));
    task.num_cancels_requested = 0;  // taken back with uncancel(), which leaves `must_cancel` up to Python 3.12
    CHECK(native_cancels_met(kernel, task) == 0);
}

TEST_CASE("without the fix of 1214 nothing is native") {
    FixedKernel kernel(Switches{});
    Task task;
    task.num_cancels_requested = 2;
    CHECK(native_cancels(kernel, task) == 0);
    CHECK(native_cancels_met(kernel, task) == 0);
    CHECK_FALSE(native_cancel_came(kernel, task, 0));
}

TEST_CASE("what is asked for again is native, comes at the next await, and counts once") {
    FixedKernel kernel({Fix::asks_again_for_native_cancel});
    Future never;
    Error* thrown = nullptr;
    Task& task = kernel.spawn({[&](Resume) {
                                   Task& current = *kernel.current_task();
                                   current.num_cancels_requested = 1;
                                   ask_again_for_native_cancel(kernel, current);
                                   return Loop::park(never);
                               },
                               [&](Resume with) {
                                   thrown = with.thrown;
                                   return Poll::ended(with.thrown);
                               }});
    kernel.run();
    REQUIRE(thrown != nullptr);
    CHECK(thrown->message == 0);
    CHECK(task.num_cancels_requested == 1);
}

TEST_CASE("a scope that is entered takes the native requests that were met before, not the pending one, for old") {
    for (const Switches switches : {Switches{}, Switches{Fix::asks_again_for_native_cancel}}) {
        CAPTURE(names_of(switches));
        FixedKernel kernel(switches);
        CancelScope& pending = kernel.new_scope();
        CancelScope& met = kernel.new_scope();
        Future never;
        kernel.spawn({[&](Resume) {
                          kernel.cancel_task(*kernel.current_task(), 0);
                          pending.enter(kernel);
                          return Poll::yielded();
                      },
                      [&](Resume with) {
                          CHECK(with.thrown != nullptr);
                          met.enter(kernel);
                          return Loop::park(never);
                      }});
        kernel.run(9);
        CHECK(pending.cancels_at_enter == 0);
        CHECK(met.cancels_at_enter == (switches.none() ? 0 : 1));
    }
}

namespace {

/// A task with a native request that it has met hosts a group with a child, and parks in it, as that does. Then the
/// group is cancelled.
struct CancelledGroup {
    FixedKernel kernel;
    TaskGroup* group = nullptr;
    Task* host = nullptr;
    Task* child = nullptr;
    Future never;
    Future never_of_child;

    CancelledGroup(Switches switches, bool uncancels) : kernel(switches) {
        group = &kernel.new_group();
        sim::Script& coro = kernel.frame({[this](Resume) {
            child = kernel.current_task();
            return Loop::park(never_of_child);
        }});
        host = &kernel.spawn({[this](Resume) {
                                  kernel.cancel_task(*kernel.current_task(), 0);
                                  return Poll::yielded();
                              },
                              [this, uncancels, &coro](Resume) {
                                  group->enter(kernel);
                                  if (uncancels) kernel.uncancel(*kernel.current_task());
                                  group->start_soon(kernel, coro);
                                  return Loop::park(never);
                              }});
        kernel.run();
        group->cancel_scope->cancel(kernel);  // one pass, and nothing after it
    }
};

}  // namespace

TEST_CASE("a request of a scope is counted at a task that it does not host, with the fix of 1214 only") {
    const CancelledGroup fixed({Fix::asks_again_for_native_cancel}, false);
    CHECK(fixed.child->num_cancels_requested == 1);
    CHECK(fixed.child->cancels_by_others == 1);
    CHECK(fixed.host->cancels_by_others == 0);
    CHECK(fixed.group->cancel_scope->pending_uncancellations == 1);

    const CancelledGroup faithful({}, false);
    CHECK(faithful.child->num_cancels_requested == 1);
    CHECK(faithful.child->cancels_by_others == 0);
    CHECK(faithful.host->cancels_by_others == 0);
    CHECK(faithful.group->cancel_scope->pending_uncancellations == 1);

    // There a scope counts for itself what it asks of any task, as if that were its host.
    const CancelledGroup counted_up({Fix::asks_again_for_native_cancel, Bug::uncancels_for_all_tasks}, false);
    CHECK(counted_up.child->cancels_by_others == 0);
    CHECK(counted_up.group->cancel_scope->pending_uncancellations == 2);
}

TEST_CASE("a native request that the program took back in a scope is none of the old ones any more") {
    CHECK(CancelledGroup({Fix::asks_again_for_native_cancel}, true).group->cancel_scope->cancels_at_enter == 0);
    // Where it was not, it stays: also as the pass comes to a child, which has no native request.
    CHECK(CancelledGroup({Fix::asks_again_for_native_cancel}, false).group->cancel_scope->cancels_at_enter == 1);
    CHECK(CancelledGroup({}, false).group->cancel_scope->cancels_at_enter == 0);
    // The other fix counts requests of every kind, and keeps its count.
    CHECK(CancelledGroup({Bug::passes_on_after_native_cancel}, true).group->cancel_scope->cancels_at_enter == 1);
}

}  // namespace cancelsim::model
