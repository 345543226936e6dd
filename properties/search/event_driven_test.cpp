#include <doctest/doctest.h>

#include <atomic>

#include "properties/failure/known.h"
#include "properties/search/hunt.h"
#include "scenarios/generate/generator.h"
#include "scenarios/run/interpreter.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

namespace events = scenarios::events;

/// What a run's passes are counted against.
struct PassCount : sim::Observer {
    std::uint64_t passes = 0;
    std::uint64_t causes = 0;    ///< scopes cancelled, and tasks interrupted
    std::uint64_t restarts = 0;  ///< scopes left, and shields dropped
    std::uint64_t rearmed = 0;

    void on(const events::ScopeCancelled&) { ++causes; }
    void on(const events::CancelRequested& event) {
        if (event.by.kind == sim::By::Kind::scope) ++causes;
    }
    void on(const events::ScopeLeft&) { ++restarts; }
    void on(const events::ShieldChanged& event) {
        if (!event.shield) ++restarts;
    }
    void on(const events::PassEnded& event) {
        ++passes;
        if (event.rearmed) ++rearmed;
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
        run.watch(count);
        run.run();
        REQUIRE(count.rearmed == 0);
        REQUIRE(count.passes <= 2 * count.causes + count.restarts);
        passes += count.passes;
    }
    CHECK(passes > 4000);
}

TEST_CASE("event_driven breaks nothing that is not known on a library in which every finding with a fix is mended") {
    HuntOptions options;
    options.config = model::Config{model::find_version("4.14.2"), model::find_policy("event_driven"),
                                   model::find_python("3.11"), model::all_fixes()};
    options.against = options.config;
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    options.seed = 1;
    options.schedules = 300'000;
    options.shrink = false;
    const HuntResult result = hunt(options, std::atomic<bool>{false}, [](std::uint64_t, std::size_t, double) {});
    CHECK(result.schedules == 300'000);
    for (const Found& found : result.found)
        CHECK_MESSAGE(found.labelled.label == Label::known, found.failure.contract, " at: ", found.place);
}

}  // namespace cancelsim::properties
