// The audit of scopes that were left: when it comes, and that nobody pays for it who does not want it.
#include <doctest/doctest.h>

#include <vector>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Poll;
using sim::Resume;

struct Audit {
    std::uint64_t iteration;
    events::ScopeAudited event;
};

struct Auditor : sim::Observer {
    explicit Auditor(const Kernel& kernel) : kernel_(kernel) {}
    void on(const events::ScopeAudited& event) { seen.push_back({kernel_.iteration(), event}); }
    std::vector<Audit> seen;

private:
    const Kernel& kernel_;
};

TEST_CASE("a scope that was left is audited two iterations later, or at rest") {
    TestKernel kernel{"upstream", "4.13.0"};
    Auditor auditor(kernel);
    kernel.watch(auditor);
    std::uint64_t left_in = 0;
    const auto enter_and_leave = [&] {
        CancelScope& scope = kernel.new_scope();
        scope.enter(kernel);
        scope.exit(kernel, nullptr);
    };
    kernel.spawn({[&](Resume) {
                      enter_and_leave();
                      left_in = kernel.iteration();
                      return Poll::yielded();
                  },
                  [](Resume) { return Poll::yielded(); },
                  [&](Resume) {
                      enter_and_leave();
                      return Poll::ended(nullptr);
                  }});
    kernel.run(100);
    REQUIRE(auditor.seen.size() == 1);
    CHECK(auditor.seen[0].iteration == left_in + 2);
    CHECK(auditor.seen[0].event.scope == 0);
    CHECK(auditor.seen[0].event.task == sim::kNobody);
    kernel.audits().at_rest();
    REQUIRE(auditor.seen.size() == 2);
    CHECK(auditor.seen[1].event.scope == 1);
    CHECK_FALSE((auditor.seen[1].event.timer || auditor.seen[1].event.pass || auditor.seen[1].event.held));
}

TEST_CASE("a scope that was entered again is not audited for the time before") {
    TestKernel kernel{"upstream", "4.13.0"};
    Auditor auditor(kernel);
    kernel.watch(auditor);
    CancelScope& scope = kernel.new_scope();
    kernel.spawn({[&](Resume) {
                      scope.enter(kernel);
                      scope.exit(kernel, nullptr);
                      scope.enter(kernel);
                      return Poll::yielded();
                  },
                  [](Resume) { return Poll::yielded(); }, [](Resume) { return Poll::yielded(); },
                  [](Resume) { return Poll::ended(nullptr); }});
    kernel.run(100);
    kernel.audits().at_rest();
    CHECK(auditor.seen.empty());
}

TEST_CASE("where nobody wants to know of the books, no iteration is heard for them") {
    TestKernel kernel{"upstream", "4.13.0"};
    CancelScope& scope = kernel.new_scope();
    kernel.spawn({[&](Resume) {
        scope.enter(kernel);
        scope.exit(kernel, nullptr);
        CHECK_FALSE(kernel.wants<events::IterationBegan>());
        CHECK_FALSE(kernel.wants<events::PassEnded>());
        return Poll::ended(nullptr);
    }});
    kernel.run(100);
}

}  // namespace

}  // namespace cancelsim::model
