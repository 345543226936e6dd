#include "properties/search/explorer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "properties/contracts/runner.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"
#include "scenarios/generate/generator.h"
#include "scenarios/program/case_json.h"
#include "sim/strategies/tap.h"

namespace cancelsim::properties {

namespace {

/// Cases with more schedules are no part of the sample.
constexpr std::uint64_t kMostSchedules = 400;

model::Config config_of(const std::string& policy) {
    ConfigNames options;
    options.policy = policy;
    return options.resolve();
}

/// What all schedules of a case show.
struct Shown {
    std::map<std::uint64_t, double> traces;  ///< by digest; how likely `random` is to see it in one run
    std::set<std::string> failures;          ///< contract at place
    std::uint64_t schedules = 0;
};

std::set<std::uint64_t> digests_of(const Shown& shown) {
    std::set<std::uint64_t> digests;
    for (const auto& [digest, probability] : shown.traces) digests.insert(digest);
    return digests;
}

/// How likely `random` is to give this answer.
double probability_of(const sim::Question& question, std::uint32_t count, std::uint32_t answer) {
    if (question.kind == sim::ChoiceKind::arrival) return answer == 1 ? 1.0 / 4 : 3.0 / 4;
    if (question.kind == sim::ChoiceKind::elapse) return answer == 1 ? 1.0 / 8 : 7.0 / 8;
    return 1.0 / count;
}

class Exploration {
public:
    explicit Exploration(sim::ChoiceKinds asked)
        : asked_(asked), explorer_(make_contracts(), asked), runner_(make_contracts()) {}

    /// Nothing where there are too many.
    std::optional<Shown> all(const scenarios::Case& program, const model::Config& config, bool merge) {
        Shown shown;
        explorer_.merge(merge);
        const auto explored =
            explorer_.explore(program, config, kMostSchedules, [&](const std::vector<Contract*>& broken) {
                for (const Contract* contract : broken)
                    shown.failures.insert(std::string(contract->name()) + " at " +
                                          std::string(contract->place().name()));
                const sim::Schedule schedule = explorer_.schedule();
                sim::Replay replay(schedule);
                double probability = 1;
                sim::Tap weighed(replay, [&](const sim::Question& question, std::uint32_t count, std::uint32_t answer) {
                    probability *= probability_of(question, count, answer);
                });
                const std::uint64_t trace = trace_of(program, config, weighed);
                shown.traces[trace] += probability;
                return true;
            });
        shown.schedules = explored.schedules;
        return explored.all ? std::optional(shown) : std::nullopt;
    }

    /// What a strategy sees in so many runs, or until it has seen `enough` traces.
    std::set<std::uint64_t> seen_by(std::string_view strategy, const scenarios::Case& program,
                                    const model::Config& config, std::uint64_t runs, std::size_t enough) {
        std::set<std::uint64_t> traces;
        const auto choices = find_strategy(strategy)->make(asked_, 0);
        for (std::uint64_t seed = 0; seed < runs && traces.size() < enough; ++seed)
            traces.insert(trace_of(program, config, *choices->begin(seed)));
        return traces;
    }

private:
    std::uint64_t trace_of(const scenarios::Case& program, const model::Config& config, sim::Choices& choices) {
        runner_.run_traced(program, config, &choices);
        return runner_.digest();
    }

    const sim::ChoiceKinds asked_;
    Explorer explorer_;
    Runner runner_;
};

bool contains(const std::set<std::uint64_t>& whole, const std::set<std::uint64_t>& part) {
    return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

/// Small, each with another thing that asyncio leaves open.
const std::vector<std::string> kByHand{
    // Three timers due together.
    R"({"name":"timers","main":[{"op":"spawn_detached","task":"a","body":[{"op":"sleep","for":1},{"op":"note","text":"a"}]},
        {"op":"spawn_detached","task":"b","body":[{"op":"sleep","for":1},{"op":"note","text":"b"}]},
        {"op":"sleep","for":1},{"op":"note","text":"m"}]})",
    // A set of three tasks.
    R"({"name":"set","main":[{"op":"group","name":"g","body":[{"op":"spawn","group":"g","task":"a","body":[{"op":"sleep","for":9}]},
        {"op":"spawn","group":"g","task":"b","body":[{"op":"sleep","for":9}]},{"op":"checkpoint"},{"op":"cancel","scope":"g"}]}]})",
    // Answers from outside.
    R"({"name":"outside","main":[{"op":"scope","name":"s","body":[{"op":"checkpoint"},{"op":"checkpoint"},{"op":"event_wait","event":"e"}]}],
        "environment":[{"at_iteration":2,"do":[{"op":"cancel","scope":"s"}]},{"at_iteration":3,"do":[{"op":"event_set","event":"e"}]}]})",
    // Time that passes meanwhile.
    R"({"name":"time","main":[{"op":"scope","name":"s","deadline":2,"body":[{"op":"checkpoint"},{"op":"sleep","for":1},{"op":"checkpoint"}]}]})",
};

/// `random` may miss a trace that it has seen in none of its runs with at most this probability.
constexpr double kMiss = 1e-9;

/// Checks one case; returns how many traces it has, 0 for one that is too large.
std::size_t check_case(Exploration& exploration, const scenarios::Case& program, const model::Config& config,
                       std::uint64_t runs) {
    INFO(scenarios::to_json(program));
    const auto all = exploration.all(program, config, false);
    if (!all) return 0;
    const auto merged = exploration.all(program, config, true);
    REQUIRE(merged);
    const std::set<std::uint64_t> traces = digests_of(*all);
    CHECK(digests_of(*merged) == traces);
    CHECK(merged->failures == all->failures);
    CHECK(merged->schedules <= all->schedules);
    // That every schedule was listed, and none twice.
    double sum = 0;
    for (const auto& [digest, probability] : all->traces) sum += probability;
    CHECK(sum == doctest::Approx(1).epsilon(1e-9));

    const auto seen = exploration.seen_by("random", program, config, runs, traces.size());
    CHECK(contains(traces, seen));
    for (const auto& [digest, probability] : all->traces) {
        const bool is_due = static_cast<double>(runs) * std::log1p(-std::min(probability, 0.999)) < std::log(kMiss);
        if (is_due) CHECK(seen.count(digest) == 1);
    }
    CHECK(contains(traces, exploration.seen_by("pct", program, config, 200, traces.size())));
    return traces.size();
}

}  // namespace

TEST_CASE("every schedule of a tree of questions comes once, those with fewer deviations first") {
    sim::Exhaustive choices(sim::kAdversarialKinds);
    std::set<std::vector<std::uint32_t>> seen;
    std::size_t deviations = 0;
    while (choices.next()) {
        CHECK(choices.deviations() >= deviations);
        deviations = choices.deviations();
        std::vector<std::uint32_t> answers{choices.choose({.kind = sim::ChoiceKind::set_order}, 3)};
        answers.push_back(choices.choose({.kind = sim::ChoiceKind::elapse}, 2));
        // What is asked depends on what was answered.
        if (answers[1] == 1) answers.push_back(choices.choose({.kind = sim::ChoiceKind::timer_order}, 4));
        CHECK(seen.insert(answers).second);
    }
    CHECK(seen.size() == 3 * (1 + 4));
    CHECK(choices.schedules() == seen.size());
}

TEST_CASE("exhaustive and random agree on the traces of small cases made by hand") {
    for (const char* policy : {"upstream", "v3", "event_driven"}) {
        Exploration exploration(sim::kAsyncioKinds);
        for (const std::string& text : kByHand)
            CHECK(check_case(exploration, scenarios::parse_case(text, "test", 1), config_of(policy), 20'000) > 1);
    }
}

TEST_CASE("exhaustive and random agree on a case whose ready handles come in any order") {
    Exploration exploration(sim::kAdversarialKinds);
    const auto program = scenarios::parse_case(
        R"({"name":"ready","main":[{"op":"spawn_detached","task":"a","body":[{"op":"checkpoint"}]},{"op":"checkpoint"},{"op":"note","text":"m"}]})",
        "test", 1);
    CHECK(check_case(exploration, program, config_of("upstream"), 20'000) > 1);
}

TEST_CASE("exhaustive and random agree on the traces of generated cases with few schedules") {
    const model::Config config = config_of("upstream");
    Exploration exploration(sim::kAsyncioKinds);
    scenarios::Case program;
    std::size_t sampled = 0;
    std::size_t traces = 0;
    for (std::uint64_t seed = 1; sampled < 60; ++seed) {
        REQUIRE(seed < 10'000);
        const auto profile = seed % 2 == 0 ? scenarios::Profile::blocks : scenarios::Profile::misuse;
        scenarios::generate(profile, seed, program);
        const std::size_t count = check_case(exploration, program, config, 20'000);
        if (count < 2) continue;  // too large, or nothing is left open
        ++sampled;
        traces += count;
    }
    CHECK(traces > 3 * sampled);
}

}  // namespace cancelsim::properties
