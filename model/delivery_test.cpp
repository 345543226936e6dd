// What those who watch are told of the passes.
#include <doctest/doctest.h>

#include "model/testing.h"

namespace cancelsim::model {

namespace {

using sim::Future;
using sim::Loop;
using sim::Poll;
using sim::Resume;

struct Kinds : sim::Observer {
    std::vector<sim::EventKind> seen;
    void on(const sim::TraceEvent& event) override { seen.push_back(event.kind); }
};

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
    Kinds kinds;
    Future future;
    CancelScope& outer = kernel.new_scope();
    CancelScope& shielded = kernel.new_scope(sim::kInfinity, true);
    waits_in(kernel, future, {&outer, &shielded});
    kernel.arrive_at_iteration(2, kernel.callback([&] {
        outer.cancel(kernel);
        kernel.watch(kinds, sim::mask_of(events::shield_changed, events::delivered_to, events::deliver));
        shielded.set_shield(kernel, false);
        kernel.watchers().clear();
    }));
    kernel.run();
    CHECK(kinds.seen == std::vector<sim::EventKind>{events::shield_changed, events::delivered_to, events::deliver});
}

TEST_CASE("a pass over one task that parks is told of like any other") {
    TestKernel kernel("event_driven");
    Kinds kinds;
    Future future;
    CancelScope& scope = kernel.new_scope();
    scope.cancel(kernel);
    waits_in(kernel, future, {&scope});
    kernel.watch(kinds, sim::mask_of(events::scope_entered, events::delivered_to, events::deliver));
    kernel.run();
    CHECK(kinds.seen ==
          std::vector<sim::EventKind>{events::scope_entered, events::deliver, events::delivered_to, events::deliver});
    CHECK(kernel.delivered().size() == 1);
}

TEST_CASE("a task that a pass leaves alone is not told of") {
    TestKernel kernel;
    Config config = kernel.config();
    config.defects.set(Defect::d199);
    kernel.reset(config, nullptr);
    Kinds kinds;
    Future future;
    CancelScope& scope = kernel.new_scope();
    waits_in(kernel, future, {&scope});
    kernel.watch(kinds, sim::mask_of(events::delivered_to));
    kernel.arrive_at_iteration(2, kernel.callback([&] { scope.cancel(kernel); }));
    kernel.run();
    CHECK(kinds.seen.empty());
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
