// The world, which is built from events alone, beside the library's books.
#include <doctest/doctest.h>

#include <string>

#include "properties/world/world_audit.h"
#include "scenarios/generate/generator.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

struct Differences {
    int runs = 0;
    std::string first;
};

/// Runs `count` random cases; says in how many the world and the books differ.
Differences differences(const model::Config& config, std::uint64_t count, WorldAudit& audit) {
    scenarios::Interpreter run;
    scenarios::Case program;
    sim::RandomChoices choices(sim::kAsyncioKinds);
    Differences different;
    for (std::uint64_t seed = 0; seed < count; ++seed) {
        scenarios::generate(static_cast<scenarios::Profile>(seed % scenarios::kProfiles), seed, program);
        choices.begin(seed);
        run.prepare(program, config, &choices);
        audit.begin(run);
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
            const Differences different = differences(config, 4000, audit);
            CHECK_MESSAGE(different.runs == 0, different.first);
        }
    CHECK(audit.compared() > 1'000'000);
}

TEST_CASE("a kernel that forgets a shield or a cancellation is not what the world is") {
    for (const model::Bug forgets : {model::Bug::entering_forgets_shield, model::Bug::entering_forgets_cancel}) {
        const model::Config config{
            model::find_version("4.13.0"), model::find_policy("narrow"), model::find_python("3.11"), {forgets}};
        WorldAudit audit;
        CHECK(differences(config, 1000, audit).runs > 20);
    }
}

}  // namespace cancelsim::properties
