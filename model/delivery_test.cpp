// The events of delivery passes.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

struct Words : sim::Observer {
    std::vector<std::string> seen;
    void on(const events::ScopeEntered&) { seen.emplace_back("entered"); }
    void on(const events::ShieldChanged&) { seen.emplace_back("shield"); }
    void on(const events::CancelRequested& event) {
        CHECK(event.by.kind == sim::By::Kind::scope);
        seen.emplace_back("request");
    }
    void on(const events::PassEnded&) { seen.emplace_back("pass"); }
};
using Seen = std::vector<std::string>;

/// A task that waits for a future in `scopes`, the outermost first.
Task& waits_in(TestKernel& kernel, Future& future, std::vector<CancelScope*> scopes) {
    return kernel.spawn({[&kernel, &future, scopes](Resume) {
                             for (CancelScope* scope : scopes) scope->enter(kernel);
                             return Loop::park(future);
                         },
                         [](Resume with) { return Poll::ended(with.thrown); }});
}

}  // namespace

TEST_CASE("a shield that is dropped is told of before the pass that it lets in") {
    TestKernel kernel;
    Words words;
    Future future;
    CancelScope& outer = kernel.new_scope();
    CancelScope& shielded = kernel.new_scope(sim::kInfinity, true);
    waits_in(kernel, future, {&outer, &shielded});
    kernel.arrive_at_iteration(2, kernel.callback([&] {
        outer.cancel(kernel);
        kernel.watch(words);
        shielded.set_shield(kernel, false);
        kernel.unwatch();
    }));
    kernel.run();
    CHECK(words.seen == Seen{"shield", "request", "pass"});
}

TEST_CASE("a pass over one task that parks is told of like any other") {
    TestKernel kernel("event_driven");
    Words words;
    Future future;
    CancelScope& scope = kernel.new_scope();
    scope.cancel(kernel);
    waits_in(kernel, future, {&scope});
    kernel.watch(words);
    kernel.run();
    CHECK(words.seen == Seen{"entered", "pass", "request", "pass"});
    CHECK(kernel.delivered().size() == 1);
}

TEST_CASE("a task that a pass leaves alone is not told of") {
    TestKernel kernel;
    Config config = kernel.config();
    config.switches.set(Bug::skips_bare_futures);
    kernel.reset(config, nullptr);
    Words words;
    Future future;
    CancelScope& scope = kernel.new_scope();
    waits_in(kernel, future, {&scope});
    kernel.watch(words);
    kernel.arrive_at_iteration(2, kernel.callback([&] { scope.cancel(kernel); }));
    kernel.run();
    CHECK(std::count(words.seen.begin(), words.seen.end(), "request") == 0);
}

TEST_CASE("a new run knows nothing of what the last one delivered") {
    TestKernel kernel;
    Future future;
    CancelScope& scope = kernel.new_scope();
    waits_in(kernel, future, {&scope});
    kernel.arrive_at_iteration(2, kernel.callback([&] { scope.cancel(kernel); }));
    kernel.run(2);
    CHECK(kernel.delivered().size() == 1);
    const Config config = kernel.config();
    kernel.reset(config, nullptr);
    CHECK(kernel.delivered().empty());
    CHECK(kernel.scopes().empty());
}

TEST_CASE("a pass goes as deep as scopes are nested") {
    constexpr int kDepth = 100'000;
    TestKernel kernel;
    Future future;
    std::vector<CancelScope*> scopes;
    for (int i = 0; i < kDepth; ++i) scopes.push_back(&kernel.new_scope());
    Task& task = waits_in(kernel, future, scopes);
    kernel.arrive_at_iteration(2, kernel.callback([&] { scopes.front()->cancel(kernel); }));
    kernel.run();
    CHECK(task.cancelled());
}

}  // namespace cancelsim::model
