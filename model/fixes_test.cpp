// The fixes of groups and of start(), each in the conditions under which it acts.
#include <doctest/doctest.h>

#include "model/checkpoints.h"
#include "model/state_hash.h"
#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

/// On 4.14.2 with upstream's policy.
struct FixedKernel : TestKernel {
    explicit FixedKernel(Switches switches) : TestKernel("upstream", "4.14.2") {
        Config config = this->config();
        config.switches = switches;
        reset(config, nullptr);
    }
};

Switches with_or_without(bool fixed, Fix fix) {
    Switches switches;
    if (fixed) switches.set(fix);
    return switches;
}

struct Hash : StateHash {
    /// Of the frames of one task alone; of those of scripts nothing but where they are.
    std::uint64_t of_frames(const Kernel& kernel, const sim::Frame* innermost) {
        begin(kernel);
        add_frames(innermost);
        return value();
    }
};

/// The reason that a group remembers of children that ended so: each with a chain of CancelledErrors, of these
/// messages, the outermost first; the last has an ordinary exception as its context.
sim::CancelMessage reason_of(std::vector<std::vector<sim::CancelMessage>> children) {
    FixedKernel kernel({Fix::raises_cancellation_of_children});
    TaskGroup& group = kernel.new_group();
    kernel.spawn({[&](Resume) {
                      group.enter(kernel);
                      for (const auto& messages : children)
                          group.start_soon(kernel, kernel.frame({[&](Resume) {
                              Error* error = kernel.new_error(ErrorKind::named, 9);
                              for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
                                  Error* outer = kernel.new_error(ErrorKind::cancelled, *message);
                                  outer->context = error;
                                  error = outer;
                              }
                              return Poll::raised(*error);
                          }}));
                      return Poll::yielded();
                  },
                  [](Resume) { return Poll::yielded(); }, [](Resume) { return Poll::yielded(); },
                  [](Resume with) { return Poll::ended(with.thrown); }});
    kernel.run(9);
    CHECK(group.tasks == 0);
    CHECK(group.child_cancelled);
    return group.child_cancel_reason;
}

}  // namespace

TEST_CASE("one set of defects includes another where it has every one of it") {
    const Switches both{Fix::hands_cancels_to_same_host_only, Fix::cancels_left_scopes};
    CHECK(both.include({}));
    CHECK(both.include({Fix::hands_cancels_to_same_host_only}));
    CHECK(both.include({Fix::cancels_left_scopes}));
    CHECK(both.include(both));
    CHECK_FALSE(both.include({Fix::hands_cancels_to_same_host_only, Bug::swallows_without_asking_parent}));
    CHECK_FALSE(Switches{Fix::hands_cancels_to_same_host_only}.include(both));
    CHECK_FALSE(Switches{}.include({Fix::hands_cancels_to_same_host_only}));
}

TEST_CASE("all fixes are the live defects, and no other") {
    const Switches fixes = all_fixes();
    CHECK(fixes == Switches{Fix::child_error_always_cancels_group, Fix::leaves_group_without_cancel_point,
                            Fix::raises_cancellation_of_children, Fix::asks_again_for_native_cancel,
                            Fix::hands_cancels_to_same_host_only, Fix::waits_for_late_children,
                            Fix::cancelled_start_raises_error_of_child, Fix::cancelled_start_keeps_waiting,
                            Fix::cancels_left_scopes, Fix::enters_with_one_pass,
                            Fix::starts_in_no_scope_for_unscoped_caller, Fix::cancelled_receiver_passes_item_on,
                            Fix::timeout_leaves_pending_cancel});
    for (const SwitchEntry& entry : all_switches()) CHECK(fixes.has(entry.what) == (entry.origin == Origin::live));
}

TEST_CASE("the reason of a cancelled child is the last of anyio's messages that its CancelledErrors lead to") {
    CHECK(reason_of({{7}}) == 7);
    CHECK(reason_of({{7, 3}}) == 3);
    CHECK(reason_of({{7, 3, 5}}) == 5);
    CHECK(reason_of({{7, 0}}) == 7);
    CHECK(reason_of({{0, 3, 0}}) == 3);
    CHECK(reason_of({{0}}) == 0);
    CHECK(reason_of({{0, 0}}) == 0);
}

TEST_CASE("of several cancelled children the last that has a reason says it") {
    CHECK(reason_of({{7}, {3}}) == 3);
    CHECK(reason_of({{7}, {0}}) == 7);
    CHECK(reason_of({{0}, {3}}) == 3);
}

namespace {

/// A task leaves a group that has no child. While it is in the checkpoint of that, another spawns one, which waits for
/// `end`, at time 1, if it `spawns`; and cancels the host natively, if it `cancels`.
struct EmptyGroup {
    FixedKernel kernel;
    TaskGroup* group = nullptr;
    Future end;
    CancelScope* outer = nullptr;
    Task* host = nullptr;
    int resumed = 0;              ///< how often the child was
    Error* thrown_in = nullptr;   ///< into the child
    Error* left = nullptr;        ///< what left the group
    std::uint64_t left_at = 0;    ///< the iteration
    bool child_was_over = false;  ///< when the group was left
    bool in_outer = false;        ///< the host, when it had left the group

    EmptyGroup(bool fixed, bool spawns, bool cancels) : kernel(with_or_without(fixed, Fix::waits_for_late_children)) {
        group = &kernel.new_group();
        outer = &kernel.new_scope();
        sim::Script& child = kernel.frame({[this](Resume) { return Loop::park(end); },
                                           [this](Resume with) {
                                               ++resumed;
                                               thrown_in = with.thrown;
                                               return Poll::ended(with.thrown);
                                           }});
        host = &kernel.spawn({[this](Resume) {
                                  outer->enter(kernel);
                                  group->enter(kernel);
                                  return kernel.call(*kernel.current_task(), group->exit(kernel, nullptr));
                              },
                              [this](Resume with) {
                                  left = with.thrown;
                                  left_at = kernel.iteration();
                                  child_was_over = group->tasks == 0;
                                  in_outer = kernel.current_task()->cancel_scope == outer;
                                  return Poll::returned();
                              }});
        kernel.spawn({[this, spawns, cancels, &child](Resume) {
            if (spawns) CHECK(group->start_soon(kernel, child) == nullptr);
            if (cancels) kernel.cancel_task(*host, 0);
            return Poll::returned();
        }});
        kernel.at(1, kernel.callback([this] {
            if (!end.done()) kernel.set_result(end);
        }));
        kernel.run();
    }
};

}  // namespace

TEST_CASE("a group into which nothing was spawned in its last checkpoint is left after that, fixed or not") {
    for (const bool fixed : {false, true}) {
        CAPTURE(fixed);
        const EmptyGroup run(fixed, false, false);
        CHECK(run.left == nullptr);
        CHECK(run.left_at == 2);
        CHECK(run.in_outer);
    }
}

TEST_CASE("a task spawned in the last checkpoint is waited for with the fix only") {
    const EmptyGroup faithful(false, true, false);
    CHECK(faithful.left_at == 2);
    CHECK_FALSE(faithful.child_was_over);
    CHECK(faithful.in_outer);

    const EmptyGroup fixed(true, true, false);
    CHECK(fixed.left == nullptr);
    CHECK(fixed.left_at > 2);
    CHECK(fixed.child_was_over);
    CHECK(fixed.thrown_in == nullptr);
    CHECK(fixed.resumed == 1);
    CHECK(fixed.in_outer);
}

TEST_CASE("a native cancel of the last checkpoint leaves the group at its end, with the children cancelled if fixed") {
    for (const bool fixed : {false, true}) {
        CAPTURE(fixed);
        const EmptyGroup alone(fixed, false, true);
        REQUIRE(alone.left != nullptr);
        CHECK(alone.left->is_cancelled());
        CHECK(alone.left_at == 2);
        CHECK(alone.in_outer);
        CHECK(alone.group->cancel_scope->cancel_called == fixed);

        const EmptyGroup with_child(fixed, true, true);
        REQUIRE(with_child.left != nullptr);
        CHECK(with_child.left->is_cancelled());
        CHECK(with_child.child_was_over == fixed);
        CHECK((with_child.thrown_in != nullptr) == fixed);
        CHECK(with_child.in_outer);
    }
}

namespace {

/// The hash of the frames of a task that is in the checkpoint of leaving an empty group.
std::uint64_t in_last_checkpoint(bool fixed) {
    FixedKernel kernel(with_or_without(fixed, Fix::waits_for_late_children));
    TaskGroup& group = kernel.new_group();
    // So that the checkpoint's own scope has the same number in both.
    if (!fixed) kernel.new_scope();
    Task& host = kernel.spawn({[&](Resume) {
        group.enter(kernel);
        return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
    }});
    kernel.run(1);
    CHECK(kernel.scopes().size() == 3);
    return Hash().of_frames(kernel, host.frame);
}

/// The hash of the frames of a task that waits in a group's exit. It has met a native request before, if it `met` one;
/// `others` scopes were made before that of the wait.
std::uint64_t waiting_in_exit(Switches switches, bool met, int others) {
    FixedKernel kernel(switches);
    Future first;
    Future never;
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[&](Resume) { return Loop::park(never); }});
    Task& host = kernel.spawn({[&](Resume) { return Loop::park(first); },
                               [&](Resume with) {
                                   CHECK((with.thrown != nullptr) == met);
                                   group.enter(kernel);
                                   group.start_soon(kernel, child);
                                   for (int i = 0; i < others; ++i) kernel.new_scope();
                                   return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
                               }});
    kernel.arrive_at_iteration(3, kernel.callback([&] {
        if (met)
            kernel.cancel_task(host, 0);
        else
            kernel.set_result(first);
    }));
    kernel.run(9);
    return Hash().of_frames(kernel, host.frame);
}

}  // namespace

TEST_CASE("in a group's exit it counts for the hash whether it has a scope to wait in, and which") {
    CHECK(in_last_checkpoint(true) != in_last_checkpoint(false));
    CHECK(in_last_checkpoint(true) == in_last_checkpoint(true));
    CHECK(waiting_in_exit({}, false, 0) != waiting_in_exit({}, false, 1));
}

TEST_CASE("in a group's exit it counts for the hash how many native requests were met before, if 1214 is fixed") {
    CHECK(waiting_in_exit({Fix::asks_again_for_native_cancel}, true, 0) !=
          waiting_in_exit({Fix::asks_again_for_native_cancel}, false, 0));
    CHECK(waiting_in_exit({}, true, 0) == waiting_in_exit({}, false, 0));
}

}  // namespace cancelsim::model
