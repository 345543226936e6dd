// The names of questions: one each, and the same under another subject.
#include <doctest/doctest.h>

#include <set>

#include "properties/contracts/runner.h"
#include "properties/failure/failure.h"
#include "properties/failure/numbered.h"
#include "properties/failure/saved_failure.h"
#include "properties/subject/config_names.h"
#include "scenarios/generate/generator.h"
#include "sim/strategies/random.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kCases = 400;

/// A random run of a generated case; unless told otherwise, with cancellations from outside.
struct Run {
    explicit Run(std::uint64_t seed, const std::string& policy = "upstream", sim::ChoiceKinds asked = sim::kAllKinds)
        : runner({}) {
        failure.config = ConfigNames{.policy = policy}.resolve();
        failure.contract = "redelivery";
        scenarios::generate(static_cast<scenarios::Profile>(seed % scenarios::kProfiles), seed, failure.program);
        sim::RandomChoices random(asked, 3);
        random.begin(seed);
        std::uint32_t number = 0;
        sim::Tap tap(random, [&](const sim::Question& question, std::uint32_t, std::uint32_t answer) {
            CHECK(questions.insert(question).second);
            if (answer != 0) numbered.push_back({number, answer});
            ++number;
        });
        sim::Record record(tap);
        runner.run_traced(failure.program, failure.config, &record);
        failure.schedule = record.schedule();
        failure.digest = runner.digest();
    }

    std::uint64_t digest_under(const sim::Schedule& schedule) {
        sim::Replay replay(schedule);
        runner.run_traced(failure.program, failure.config, &replay);
        CHECK(replay.not_arisen().empty());
        return runner.digest();
    }

    Runner runner;
    Failure failure;
    std::set<sim::Question> questions;
    std::vector<sim::NumberedDeviation> numbered;
};

}  // namespace

TEST_CASE("no two questions of a run have the same name, and a run replays from its deviations") {
    std::size_t deviations = 0;
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
        Run run(seed);
        CHECK(run.digest_under(run.failure.schedule) == run.failure.digest);
        deviations += run.failure.schedule.deviations.size();
    }
    CHECK(deviations > kCases);
}

TEST_CASE("tokens and saved failures keep any schedule") {
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
        const Run run(seed);
        const std::string token = to_token(run.failure);
        const Failure again = from_token(token);
        CHECK(to_token(again) == token);
        CHECK(again.schedule.deviations.size() == run.failure.schedule.deviations.size());
        const std::string saved = to_saved(run.failure);
        CHECK(to_saved(from_saved(saved, "x.json")) == saved);
    }
}

TEST_CASE("a token's schedule gives the same run, though the names in its case are numbered anew") {
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
        const Run run(seed);
        const Failure again = from_token(to_token(run.failure));
        Runner runner({});
        sim::Replay replay(again.schedule);
        runner.run_traced(again.program, again.config, &replay);
        CHECK(runner.digest() == run.failure.digest);
    }
}

TEST_CASE("deviations by number get the names of their questions, and give the same run") {
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
        Run run(seed, "upstream", sim::kAdversarialKinds);  // there were no others then
        const sim::Schedule schedule =
            named(run.failure.config, run.failure.program, run.failure.schedule.asked, run.numbered);
        CHECK(schedule == run.failure.schedule);
    }
}

TEST_CASE("a deviation whose question does not come is no obstacle, and is reported") {
    Run run(7);
    sim::Schedule schedule = run.failure.schedule;
    const sim::Question never{.kind = sim::ChoiceKind::inject, .at = UINT64_MAX};
    schedule.deviations.push_back({never, 1});
    sim::Replay replay(schedule);
    run.runner.run_traced(run.failure.program, run.failure.config, &replay);
    CHECK(run.runner.digest() == run.failure.digest);
    CHECK(replay.not_arisen() == std::vector<sim::Deviation>{{never, 1}});
}

TEST_CASE("most questions of a run are asked under another policy too") {
    std::size_t asked = 0;
    std::size_t shared = 0;
    for (std::uint64_t seed = 0; seed < kCases; ++seed) {
        const Run one(seed);
        const Run other(seed, "narrow");
        for (const sim::Question& question : one.questions) {
            ++asked;
            shared += other.questions.count(question);
        }
    }
    CHECK(shared * 2 > asked);
}

}  // namespace cancelsim::properties
