// The scopes whose cancellations reach what `start` spawned: up to 4.14 its group's, from 4.15 on its caller's until it
// has called started().
#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

constexpr std::string_view kReleases[]{"4.13.0", "4.14.2", "4.15.1"};

bool waits_under_caller(std::string_view release) { return release == "4.15.1"; }

/// A task enters a group and parks. Another, in a scope of its own where it is `managed`, starts a child in that group,
/// which parks, calls started() and parks again.
struct Start {
    explicit Start(
        std::string_view release, bool managed = true, void (*prepare)(Start&) = [](Start&) {})
        : kernel("upstream", release) {
        prepare(*this);
        group = &kernel.new_group();
        kernel.spawn({[this](Resume) {
                          group->enter(kernel);
                          return Loop::park(host_parks);
                      },
                      [](Resume) { return Poll::returned(); }});
        sim::Script& coro = kernel.frame({[this](Resume) {
                                              child = kernel.current_task();
                                              return Loop::park(before_started);
                                          },
                                          [this](Resume with) {
                                              if (with.thrown != nullptr) return ended(with);
                                              started(kernel);
                                              return Loop::park(after_started);
                                          },
                                          [this](Resume with) { return ended(with); }});
        kernel.spawn({[this, managed, &coro](Resume) {
                          callers_scope = &kernel.new_scope();
                          if (managed) callers_scope->enter(kernel);
                          return kernel.call(*kernel.current_task(), group->start(kernel, coro));
                      },
                      [this](Resume with) {
                          returned = with.thrown == nullptr;
                          return Loop::park(caller_parks);
                      },
                      [](Resume) { return Poll::returned(); }});
    }

    void use(Switches switches) {
        Config config = kernel.config();
        config.switches = switches;
        kernel.reset(config, nullptr);
    }
    Poll ended(Resume with) {
        cancelled = with.thrown != nullptr && with.thrown->is_cancelled();
        ended_at = kernel.now();
        return Poll::ended(with.thrown);
    }
    void cancel_at(Time when, CancelScope*& scope) {
        kernel.at(when, kernel.callback([this, &scope] { scope->cancel(kernel); }));
    }
    void start_at(Time when) {
        kernel.at(when, kernel.callback([this] { kernel.set_result(before_started); }));
    }

    TestKernel kernel;
    Future host_parks, before_started, after_started, caller_parks;
    TaskGroup* group = nullptr;
    CancelScope* callers_scope = nullptr;
    sim::Task* child = nullptr;
    bool returned = false;   ///< start(), without raising
    bool cancelled = false;  ///< the child
    Time ended_at = -1;      ///< the child
};

}  // namespace

TEST_CASE("before started() a child is cancelled with its group up to 4.14, and with its caller from 4.15") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        Start of_group(release);
        of_group.cancel_at(1, of_group.group->cancel_scope);
        of_group.kernel.run();
        CHECK(of_group.cancelled == !waits_under_caller(release));
        CHECK(of_group.child->done() == of_group.cancelled);

        Start of_caller(release);
        of_caller.cancel_at(1, of_caller.callers_scope);
        of_caller.kernel.run();
        CHECK(of_caller.cancelled);  // up to 4.14 by start()
        CHECK_FALSE(of_caller.returned);
    }
}

TEST_CASE("a child that has called started() is cancelled with its group, and not with its caller") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        Start start(release);
        start.start_at(1);
        start.cancel_at(2, start.callers_scope);
        start.cancel_at(3, start.group->cancel_scope);
        start.kernel.run();
        CHECK(start.returned);
        CHECK(start.cancelled);
        CHECK(start.ended_at == 3);
        CHECK(start.callers_scope->child_scopes.empty());
    }
}

TEST_CASE("started() in a group that is cancelled already returns to start(), and then the child is cancelled") {
    Start start("4.15.1");
    start.cancel_at(1, start.group->cancel_scope);
    start.start_at(2);
    start.kernel.run();
    CHECK(start.returned);
    CHECK(start.cancelled);
    CHECK(start.ended_at == 2);
}

TEST_CASE("a child whose caller is in no scope is in its group's from the beginning") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        Start start(release, false);
        start.cancel_at(1, start.group->cancel_scope);
        start.kernel.run();
        CHECK(start.cancelled);
        CHECK(start.ended_at == 1);
    }
}

TEST_CASE("with the fix it is in none until started(), and may end there, cancelled natively or not") {
    const auto with_fix = [](Start& start) { start.use({Fix::starts_in_no_scope_for_unscoped_caller}); };
    Start returns("4.15.1", false, with_fix);
    returns.cancel_at(1, returns.group->cancel_scope);
    returns.start_at(2);
    returns.kernel.run();
    CHECK(returns.returned);
    CHECK(returns.cancelled);
    CHECK(returns.ended_at == 2);

    Start ends("4.15.1", false, with_fix);
    ends.kernel.at(1, ends.kernel.callback([&] { ends.kernel.cancel_task(*ends.child, 0); }));
    ends.kernel.run();
    CHECK_FALSE(ends.returned);
    CHECK(ends.child->done());
    CHECK(ends.group->tasks == 0);
}

}  // namespace cancelsim::model
