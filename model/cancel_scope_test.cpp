// Cancel scopes, one rule a test; what their rules come to together is what the recorded corpora are for.
#include "model/cancel_scope.h"

#include <doctest/doctest.h>

#include "model/checkpoints.h"
#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::ErrorKind;
using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

/// A task that enters scopes, the outermost first, waits for a future that never comes, and leaves them again: what
/// leaves each.
struct Sitter {
    TestKernel& kernel;
    std::vector<CancelScope*> scopes;
    Future future;
    std::vector<Error*> left;  ///< what left each scope, the innermost first
    Error* thrown = nullptr;   ///< into the wait
    bool resumed = false;
    Task* task = nullptr;

    Sitter(TestKernel& its_kernel, std::vector<CancelScope*> around) : kernel(its_kernel), scopes(std::move(around)) {
        task = &kernel.spawn({[this](Resume) {
                                  for (CancelScope* scope : scopes) CHECK(scope->enter(kernel) == nullptr);
                                  return Loop::park(future);
                              },
                              [this](Resume with) {
                                  resumed = true;
                                  Error* error = thrown = with.thrown;
                                  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
                                      left.push_back(error = kernel.leave(**scope, error));
                                  return Poll::ended(error);
                              }});
    }
};

/// The kind of the error that `call` raises.
template <class Call>
ErrorKind error_of(Call call) {
    Error* error = call();
    REQUIRE(error != nullptr);
    return error->kind;
}

}  // namespace

TEST_CASE("a CancelledError is anyio's by its message, or by that of one in its context chain") {
    Error anyio{.kind = ErrorKind::cancelled, .message = 1};
    Error native{ErrorKind::cancelled};
    Error ordinary{.kind = ErrorKind::named, .context = &anyio};
    CHECK(is_anyio_cancellation(anyio));
    CHECK_FALSE(is_anyio_cancellation(native));
    native.context = &anyio;
    CHECK(is_anyio_cancellation(native));
    Error second{.kind = ErrorKind::cancelled, .context = &native};
    CHECK(is_anyio_cancellation(second));
    // The chain is followed only while it is made of CancelledErrors.
    native.context = &ordinary;
    CHECK_FALSE(is_anyio_cancellation(native));
}

TEST_CASE("scopes are numbered from 0, and each has a message of its own, which is never none") {
    TestKernel kernel;
    CancelScope& first = kernel.new_scope();
    CancelScope& second = kernel.new_scope();
    CHECK(first.id == 0);
    CHECK(second.id == 1);
    CHECK(first.cancel_reason() != 0);
    CHECK(second.cancel_reason() != first.cancel_reason());
}

TEST_CASE("cancelling a scope interrupts its host where it waits, and the scope swallows that") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    Sitter sitter(kernel, {&scope});
    kernel.arrive_at_iteration(2, kernel.callback([&] { scope.cancel(kernel); }));
    CHECK(kernel.run() == sim::Verdict::quiescent);
    CHECK(sitter.thrown->message == scope.cancel_reason());
    CHECK(sitter.left.front() == nullptr);
    CHECK(scope.cancelled_caught);
    CHECK(sitter.task->num_cancels_requested == 0);
}

TEST_CASE("a native cancel passes through a scope, cancelled or not") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    Sitter sitter(kernel, {&scope});
    kernel.arrive_at_iteration(2, kernel.callback([&] { kernel.cancel_task(*sitter.task, 0); }));
    SUBCASE("the scope is not cancelled") {}
    SUBCASE("the scope is cancelled after it") {
        kernel.arrive_at_iteration(2, kernel.callback([&] { scope.cancel(kernel); }));
    }
    kernel.run();
    CHECK(sitter.task->cancelled());
    CHECK(sitter.left.front() == sitter.thrown);
    CHECK_FALSE(scope.cancelled_caught);
}

TEST_CASE("entering a scope moves its host out of the parent's tasks, leaving it puts the host back") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& inner = kernel.new_scope();
    Sitter sitter(kernel, {&outer, &inner});
    kernel.run(1);
    CHECK(outer.tasks.empty());
    CHECK(outer.child_scopes.contains(inner));
    CHECK(inner.tasks.contains(*sitter.task));
    CHECK(inner.parent_scope == &outer);
    kernel.set_result(sitter.future);
    kernel.run();
    CHECK(inner.tasks.empty());
    CHECK_FALSE(outer.child_scopes.contains(inner));
    CHECK(sitter.task->cancel_scope == nullptr);
}

TEST_CASE("a scope lets its cancellation travel on while a cancelled parent is visible, and hands its count up") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& inner = kernel.new_scope();
    Sitter sitter(kernel, {&outer, &inner});
    bool visible = true;
    SUBCASE("through an ordinary scope") {}
    SUBCASE("but not through a shield") {
        inner.shield = true;
        visible = false;
    }
    kernel.arrive_at_iteration(2, kernel.callback([&] {
        inner.cancel(kernel);
        outer.cancel(kernel);
    }));
    kernel.run();
    CHECK((sitter.left[0] != nullptr) == visible);
    CHECK(inner.cancelled_caught == !visible);
    CHECK(sitter.left[1] == nullptr);
    CHECK(sitter.task->num_cancels_requested == 0);
}

TEST_CASE("what a scope has handed up it has no more") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& inner = kernel.new_scope();
    Future future;
    kernel.spawn({[&](Resume) {
                      outer.enter(kernel);
                      inner.enter(kernel);
                      return Loop::park(future);
                  },
                  [&](Resume with) {
                      CHECK(inner.pending_uncancellations == 1);
                      Error* error = kernel.leave(inner, with.thrown);
                      CHECK(inner.pending_uncancellations == 0);
                      CHECK(outer.pending_uncancellations == 1);
                      return Poll::ended(kernel.leave(outer, error));
                  }});
    kernel.arrive_at_iteration(2, kernel.callback([&] {
        inner.cancel(kernel);
        outer.cancel(kernel);
    }));
    kernel.run();
    CHECK(outer.pending_uncancellations == 0);
}

TEST_CASE("a scope that is not cancelled, has a count and nobody to hand it to, fails an assertion") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    kernel.spawn({[&](Resume) {
        scope.enter(kernel);
        scope.pending_uncancellations = 1;  // nothing that anyio does
        CHECK(error_of([&] { return kernel.leave(scope, nullptr); }) == ErrorKind::assertion_error);
        return Poll::returned();
    }});
    kernel.run();
}

TEST_CASE("fail_after raises TimeoutError for what it caught at its deadline, and for nothing else") {
    TestKernel kernel;
    Config config = kernel.config();
    bool times_out = false;
    Time deadline = 5;
    SUBCASE("at its deadline") { times_out = true; }
    SUBCASE("cancelled before it") { deadline = 9; }
    SUBCASE("cancelled before it, with the defect that looks no further") {
        deadline = 9;
        config.switches.set(Bug::fail_after_raises_for_any_cancel);
        times_out = true;
    }
    kernel.reset(config, nullptr);
    CancelScope& scope = kernel.new_scope(deadline);
    Future future;
    kernel.spawn({[&](Resume) {
                      scope.enter(kernel);
                      return Loop::park(future);
                  },
                  [&](Resume with) {
                      Error* error = TestKernel::what_leaves(fail_after_exit(kernel, scope, with.thrown), with.thrown);
                      CHECK((error != nullptr) == times_out);
                      if (error != nullptr) CHECK(error->kind == ErrorKind::timeout_error);
                      return Poll::returned();
                  }});
    kernel.at(5, kernel.callback([&] { scope.cancel(kernel); }));
    kernel.run();
}

TEST_CASE("a shield keeps the parent's cancellation out until it is dropped") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& shielded = kernel.new_scope(sim::kInfinity, true);
    Sitter sitter(kernel, {&outer, &shielded});
    kernel.arrive_at_iteration(2, kernel.callback([&] { outer.cancel(kernel); }));
    kernel.arrive_at_iteration(9, kernel.callback([&] {
        CHECK_FALSE(sitter.resumed);
        CHECK_FALSE(sitter.future.done());
        shielded.set_shield(kernel, false);
    }));
    kernel.run();
    CHECK(sitter.thrown->message == outer.cancel_reason());
    CHECK_FALSE(shielded.cancelled_caught);
    CHECK(outer.cancelled_caught);
}

TEST_CASE("a scope is cancelled when its deadline comes, and by the one who enters it where that has passed") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    Time cancelled_at = -1;
    SUBCASE("in time") {
        scope.deadline = 5;
        cancelled_at = 5;
    }
    SUBCASE("as late as it was set last") {
        scope.deadline = 5;
        kernel.arrive_at_iteration(2, kernel.callback([&] { scope.set_deadline(kernel, 8); }));
        cancelled_at = 8;
    }
    SUBCASE("already passed") {
        scope.deadline = -1;
        cancelled_at = 0;
    }
    Sitter sitter(kernel, {&scope});
    Time interrupted_at = -1;
    kernel.add_done_callback(*sitter.task, kernel.callback([&] { interrupted_at = kernel.now(); }));
    kernel.run();
    CHECK(interrupted_at == cancelled_at);
    CHECK(scope.cancelled_caught);
}

TEST_CASE("a deadline that is taken back leaves no timer") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope(5);
    Sitter sitter(kernel, {&scope});
    kernel.arrive_at_iteration(2, kernel.callback([&] { scope.set_deadline(kernel, sim::kInfinity); }));
    CHECK(kernel.run() == sim::Verdict::quiescent);
    CHECK(kernel.now() == 0);
    CHECK_FALSE(sitter.resumed);
}

TEST_CASE("a scope may be entered once only") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    kernel.spawn({[&](Resume) {
        CHECK(scope.enter(kernel) == nullptr);
        CHECK(error_of([&] { return scope.enter(kernel); }) == ErrorKind::runtime_error);
        return Poll::returned();
    }});
    kernel.run();
}

TEST_CASE("a task that enters a scope in which another one is changes nothing") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    Sitter sitter(kernel, {&scope});
    Task& second = kernel.spawn({[&](Resume) {
        CHECK(error_of([&] { return scope.enter(kernel); }) == ErrorKind::runtime_error);
        return Poll::returned();
    }});
    kernel.run();
    CHECK(scope.host_task == sitter.task);
    CHECK_FALSE(second.has_state);
}

TEST_CASE("leaving a scope in the wrong task or order raises before anything is undone") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& inner = kernel.new_scope();
    Sitter sitter(kernel, {&outer, &inner});
    kernel.spawn({[&](Resume) {
        CHECK(error_of([&] { return kernel.leave(inner, nullptr); }) == ErrorKind::runtime_error);
        return Poll::returned();
    }});
    kernel.run();
    CHECK(inner.active);
    CHECK(inner.host_task == sitter.task);

    TestKernel second;
    CancelScope& first_in = second.new_scope();
    CancelScope& last_in = second.new_scope();
    second.spawn({[&](Resume) {
        CHECK(first_in.enter(second) == nullptr);
        CHECK(last_in.enter(second) == nullptr);
        CHECK(error_of([&] { return second.leave(first_in, nullptr); }) == ErrorKind::runtime_error);
        CHECK(first_in.active);
        CHECK(second.leave(last_in, nullptr) == nullptr);
        CHECK(second.leave(first_in, nullptr) == nullptr);
        CHECK(error_of([&] { return second.leave(first_in, nullptr); }) == ErrorKind::runtime_error);
        return Poll::returned();
    }});
    second.run();
}

TEST_CASE("a pass leaves a task alone whose waiter is done, though a native cancel would not") {
    TestKernel kernel;
    CancelScope& scope = kernel.new_scope();
    Sitter sitter(kernel, {&scope});
    bool native = false;
    SUBCASE("a pass") {}
    SUBCASE("a native cancel") { native = true; }
    kernel.arrive_at_iteration(2, kernel.callback([&] {
        kernel.set_result(sitter.future);
        if (native)
            kernel.cancel_task(*sitter.task, 0);
        else
            scope.cancel(kernel);
    }));
    kernel.run();
    CHECK((sitter.thrown != nullptr) == native);
    CHECK(kernel.delivered().empty());
}

TEST_CASE("a pass does not cancel a task that has not started") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    bool started = false;
    sim::Script& child = kernel.frame({[&](Resume) {
        started = true;
        return Poll::returned();
    }});
    kernel.spawn({[&](Resume) {
                      CHECK(group.enter(kernel) == nullptr);
                      CHECK(group.start_soon(kernel, child) == nullptr);
                      group.cancel_scope->cancel(kernel);
                      return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
                  },
                  [](Resume with) { return Poll::ended(with.thrown); }});
    kernel.run();
    CHECK(started);
}

TEST_CASE("leaving a shielded scope brings the parent's cancellation back to the host") {
    TestKernel kernel;
    CancelScope& outer = kernel.new_scope();
    CancelScope& shielded = kernel.new_scope(sim::kInfinity, true);
    Future first;
    Future second;
    Error* thrown_first = nullptr;
    Error* thrown_second = nullptr;
    kernel.spawn({[&](Resume) {
                      outer.enter(kernel);
                      shielded.enter(kernel);
                      return Loop::park(first);
                  },
                  [&](Resume with) {
                      thrown_first = with.thrown;
                      CHECK(kernel.leave(shielded, with.thrown) == nullptr);
                      return Loop::park(second);
                  },
                  [&](Resume with) {
                      thrown_second = with.thrown;
                      return Poll::ended(kernel.leave(outer, with.thrown));
                  }});
    kernel.arrive_at_iteration(2, kernel.callback([&] { outer.cancel(kernel); }));
    kernel.arrive_at_iteration(5, kernel.callback([&] { kernel.set_result(first); }));
    kernel.run();
    CHECK(thrown_first == nullptr);
    REQUIRE(thrown_second != nullptr);
    CHECK(thrown_second->message == outer.cancel_reason());
}

TEST_CASE("a spawn in a group that is not active is an error") {
    TestKernel kernel;
    TaskGroup& group = kernel.new_group();
    sim::Script& child = kernel.frame({[](Resume) { return Poll::returned(); }});
    kernel.spawn({[&](Resume) {
                      CHECK(error_of([&] { return group.start_soon(kernel, child); }) == ErrorKind::runtime_error);
                      CHECK(group.enter(kernel) == nullptr);
                      return kernel.call(*kernel.current_task(), group.exit(kernel, nullptr));
                  },
                  [&](Resume with) {
                      CHECK(with.thrown == nullptr);
                      CHECK(error_of([&] { return group.start_soon(kernel, child); }) == ErrorKind::runtime_error);
                      return Poll::returned();
                  }});
    kernel.run();
}

}  // namespace cancelsim::model
