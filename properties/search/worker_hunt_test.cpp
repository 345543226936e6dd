// A subject that is another process is judged as one that is not: here that process runs the model.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "properties/contracts/runner.h"
#include "properties/library/model_worker_testing.h"
#include "properties/search/hunt.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// What a run broke, with all that is said of it.
std::vector<std::string> said_of(const std::vector<Contract*>& broken) {
    std::vector<std::string> said;
    for (const Contract* contract : broken)
        said.push_back(fmt::format("{} at {}, iteration {}, time {}, site {}", contract->name(),
                                   contract->place().name(), contract->broken_at_iteration(),
                                   contract->broken_at_time(), contract->site().number()));
    return said;
}

}  // namespace

TEST_CASE("contracts judge a run by its events alike, whether it goes on here or in another process") {
    for (const char* release : {"4.13.0", "4.14.2", "4.15.1"}) {
        const model::Config config = ConfigNames{.anyio = release}.resolve();
        const ModelWorker worker(config);
        const Subject there = open_library(worker.launch());
        Runner runner(make_all_contracts());
        const auto strategy = find_strategy("random")->make(sim::kAsyncioKinds, 0);
        scenarios::Case program;
        std::size_t broken = 0;
        for (int profile = 0; profile < scenarios::kProfiles; ++profile)
            for (std::uint64_t seed = 0; seed < 150; ++seed) {
                scenarios::generate(static_cast<scenarios::Profile>(profile), seed, program);
                const auto ours = said_of(runner.run_traced(program, config, strategy->begin(seed)));
                const std::uint64_t digest = runner.digest();
                CAPTURE(release);
                CAPTURE(profile);
                CAPTURE(seed);
                const auto theirs = said_of(runner.run_traced(program, there, strategy->begin(seed)));
                REQUIRE(fmt::format("{}", fmt::join(theirs, "; ")) == fmt::format("{}", fmt::join(ours, "; ")));
                REQUIRE(runner.digest() == digest);
                broken += ours.size();
            }
        CHECK(broken > 20);
    }
}

TEST_CASE("a hunt on a worker finds what the same hunt finds on the model") {
    const model::Config config = ConfigNames{}.resolve();
    const ModelWorker worker(config);
    HuntOptions options;
    options.config = config;
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    options.schedules = 400;
    options.jobs = 2;
    const std::atomic<bool> never{false};
    const auto hunted = [&](const Subject& subject) {
        options.config = subject;
        std::vector<std::string> found;
        for (const Found& one : hunt(options, never, HuntNews{}).found)
            found.push_back(fmt::format("{} at {} {} {}", one.failure.contract, one.place, one.schedule,
                                        digest_text(one.failure.digest)));
        return found;
    };
    const auto ours = hunted(config);
    CHECK(!ours.empty());
    CHECK(hunted(open_library(worker.launch())) == ours);
}

}  // namespace cancelsim::properties
