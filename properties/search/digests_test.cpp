// The same seeds give the same runs on every compiler, in every kind of build: the digests of a thousand, as one
// number.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <vector>

#include "properties/search/hunt.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"
#include "sim/random.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kSeeds = 1000;
/// Of 4.13.0 under its own policy. A change of the generator, of a strategy or of what the model does changes it, and
/// the number that the failed check shows then belongs here; a compiler, a preset or a machine must not.
constexpr std::string_view kDigestOfDigests = "e000a815388893fb";
/// Likewise.
constexpr std::string_view kDistinctSchedules = "30475";
constexpr std::string_view kDistinctStates = "8076";

/// Runs the first schedules of a hunt, and folds their digests into one number.
std::uint64_t digest_of_digests(Runner& runner, std::string_view strategy_name) {
    HuntOptions options;
    options.config = ConfigNames{}.resolve();
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    const auto strategy = find_strategy(strategy_name)->make(sim::kAsyncioKinds, 0);
    scenarios::Case program;
    std::uint64_t all = 0;
    for (std::uint64_t index = 0; index < kSeeds; ++index) {
        std::uint64_t seed = 0;
        make_schedule(options, index, program, seed);
        runner.run_traced(program, options.config, strategy->begin(seed));
        all ^= runner.digest();
        all = sim::splitmix64(all);
    }
    return all;
}

}  // namespace

TEST_CASE("a thousand seeds give the runs that they gave when this number was written down") {
    Runner runner({});
    CHECK(digest_text(digest_of_digests(runner, "random")) == kDigestOfDigests);
}

TEST_CASE("as many distinct schedules and states are seen as when these numbers were written down") {
    HuntOptions options;
    options.config = ConfigNames{}.resolve();
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    options.schedules = 30'000;
    options.shrink = false;
    const Census seen = hunt(options, std::atomic<bool>{false}, [](std::uint64_t, std::size_t, double) {}).seen;
    // Beyond DistinctCounter::kKept they are estimates, which depend on every bit of every hash.
    CHECK(fmt::format("{:.0f}", seen.schedules.distinct()) == kDistinctSchedules);
    CHECK(fmt::format("{:.0f}", seen.states.distinct()) == kDistinctStates);
}

TEST_CASE("a hunt that goes on from anywhere has seen in the end what one has that nobody stopped") {
    HuntOptions options;
    options.config = ConfigNames{}.resolve();
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    options.schedules = 30'000;
    options.shrink = false;
    options.jobs = 3;
    struct Stand {
        std::uint64_t finished;
        Census seen;
    };
    std::vector<Stand> stands;
    HuntNews news;
    news.finished = [&](std::uint64_t finished, const Census& seen) { stands.push_back({finished, seen}); };
    const std::atomic<bool> never{false};
    const Census whole = hunt(options, never, news).seen;
    REQUIRE(stands.size() > 2);
    CHECK(stands.back().finished == options.schedules);
    CHECK(stands.back().seen.schedules.bytes() == whole.schedules.bytes());
    for (const std::size_t index : {std::size_t{0}, stands.size() / 2}) {
        HuntOptions rest = options;
        rest.first = stands[index].finished;
        rest.seen = stands[index].seen;
        CAPTURE(rest.first);
        CHECK(rest.seen.schedules.seen() == rest.first);
        const Census seen = hunt(rest, never, HuntNews()).seen;
        CHECK(seen.schedules.bytes() == whole.schedules.bytes());
        CHECK(seen.states.bytes() == whole.states.bytes());
    }
}

TEST_CASE("contracts change nothing of what a run does") {
    Runner without({});
    Runner with(make_contracts());
    CHECK(digest_of_digests(without, "random") == digest_of_digests(with, "random"));
}

TEST_CASE("another strategy gives other runs") {
    Runner runner({});
    CHECK(digest_of_digests(runner, "random") != digest_of_digests(runner, "insertion"));
}

}  // namespace cancelsim::properties
