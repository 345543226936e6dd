#include <doctest/doctest.h>

#include "scenarios/generator.h"
#include "scenarios/interpreter.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

namespace events = model::events;

/// What a run's passes are counted against.
struct PassCount : sim::Observer {
    std::uint64_t passes = 0;
    std::uint64_t causes = 0;    ///< scopes cancelled, and tasks interrupted
    std::uint64_t restarts = 0;  ///< scopes left, and shields dropped
    std::uint64_t rearmed = 0;

    void on(const sim::TraceEvent& event) override {
        if (event.kind == events::pass_begins) ++passes;
        if (event.kind == events::cancel || event.kind == events::delivered_to) ++causes;
        if (event.kind == events::scope_left || (event.kind == events::shield_changed && !event.flag)) ++restarts;
        if (event.kind == events::deliver && event.flag) ++rearmed;
    }
};

}  // namespace

TEST_CASE(
    "event_driven never re-arms, and makes at most two passes for each cancel and interruption, one for each restart") {
    const model::Config config{
        model::find_version("4.13.0"), model::find_policy("event_driven"), model::find_python("3.11"), {}};
    scenarios::Interpreter run;
    scenarios::Case program;
    sim::RandomChoices choices(sim::kAsyncioKinds);
    std::uint64_t passes = 0;
    for (std::uint64_t seed = 0; seed < 4000; ++seed) {
        CAPTURE(seed);
        scenarios::generate(seed % 2 == 0 ? scenarios::Profile::blocks : scenarios::Profile::misuse, seed, program);
        choices.begin(seed);
        run.prepare(program, config, &choices);
        PassCount count;
        run.watch(count, sim::mask_of(events::pass_begins, events::cancel, events::delivered_to, events::scope_left,
                                      events::shield_changed, events::deliver));
        run.run();
        REQUIRE(count.rearmed == 0);
        REQUIRE(count.passes <= 2 * count.causes + count.restarts);
        passes += count.passes;
    }
    CHECK(passes > 4000);
}

}  // namespace cancelsim::properties
