// The world, which is built from events alone, beside the library's books.
#include <doctest/doctest.h>

#include <string>

#include "properties/world/world_audit.h"
#include "scenarios/generate/generator.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

/// A library that forgets: it changes the books of the run behind the back of whoever watches.
struct Forgetful : sim::Observer {
    explicit Forgetful(const scenarios::Interpreter& run) : run_(run) {}

    void on(const events::ScopeEntered& event) {
        if (forgets_shields) run_.scopes()[event.scope]->shield = false;
    }
    void on(const events::ScopeCancelled& event) {
        if (forgets_cancels) run_.scopes()[event.scope]->cancel_called = false;
    }

    bool forgets_shields = false;
    bool forgets_cancels = false;

private:
    const scenarios::Interpreter& run_;
};

constexpr auto kKeepsAll = [](Forgetful&) {};

struct Differences {
    int runs = 0;
    std::string first;
};

/// Runs `count` random cases; says in how many the world and the books differ.
template <class Forget>
Differences differences(const model::Config& config, std::uint64_t count, WorldAudit& audit, Forget forget) {
    scenarios::Interpreter run;
    scenarios::Case program;
    sim::RandomChoices choices(sim::kAsyncioKinds);
    Differences different;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        scenarios::generate(static_cast<scenarios::Profile>(seed % scenarios::kProfiles), seed, program);
        choices.begin(seed);
        run.prepare(program, config, &choices);
        audit.begin(run);
        Forgetful library(run);
        forget(library);
        run.watch(library);
        run.run();
        if (audit.difference().empty()) continue;
        if (++different.runs == 1) different.first = "seed " + std::to_string(seed) + ", " + audit.difference();
    }
    return different;
}

}  // namespace

TEST_CASE("on releases without a switch the world is what the library's books say, at every event") {
    WorldAudit audit;
    for (const model::Version* version : model::all_versions())
        for (const char* policy : {"upstream", "narrow", "event_driven"}) {
            CAPTURE(version->name);
            CAPTURE(policy);
            const model::Config config{version, model::find_policy(policy), model::find_python("3.11"), {}};
            const Differences different = differences(config, 4000, audit, kKeepsAll);
            CHECK_MESSAGE(different.runs == 0, different.first);
        }
    CHECK(audit.compared() > 1'000'000);
}

TEST_CASE("a library that forgets a shield or a cancellation is not what the world is") {
    const model::Config config{
        model::find_version("4.13.0"), model::find_policy("narrow"), model::find_python("3.11"), {}};
    WorldAudit audit;
    CHECK(differences(config, 1000, audit, [](Forgetful& library) { library.forgets_shields = true; }).runs > 100);
    CHECK(differences(config, 1000, audit, [](Forgetful& library) { library.forgets_cancels = true; }).runs > 100);
}

}  // namespace cancelsim::properties
