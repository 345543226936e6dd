// The odds, the matrix, and the canary that shows a hunt which checks nothing.
#include "properties/search/odds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <set>

#include "properties/report/report.h"
#include "properties/report/verdict_text.h"
#include "properties/search/parallel.h"
#include "properties/search/verdict.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

const std::atomic<bool> kNeverStop{false};
const std::vector<scenarios::Profile> kProfiles{scenarios::Profile::misuse, scenarios::Profile::blocks};

Odds odds_of(const std::vector<std::optional<std::uint64_t>>& first) {
    Odds odds;
    for (const auto& schedule : first)
        odds.first.push_back(schedule ? std::optional(Catch{"deadline", *schedule - 1}) : std::nullopt);
    return odds;
}

VerdictOptions small_verdict(unsigned jobs) {
    VerdictOptions options;
    options.profiles = kProfiles;
    options.schedules = 400;
    options.jobs = jobs;
    return options;
}

Verdict reach(const VerdictOptions& options) {
    return reach_verdict(options, kNeverStop, [](const std::string&) {});
}

TEST_CASE("the canary breaks in a hunt of a few schedules, on any kernel") {
    for (const model::Config& config : verdict_kernels()) {
        HuntOptions options;
        options.config = config;
        options.against = config;
        options.profiles = kProfiles;
        options.contracts = {"canary"};
        options.schedules = 20;
        const HuntResult result = hunt(options, kNeverStop, [](std::uint64_t, std::size_t, double) {});
        REQUIRE(result.found.size() == 1);
        CHECK(result.found.front().failure.contract == "canary");
        CHECK(count_news(result.found) == 1);
    }
}

TEST_CASE("the kernels of a verdict: a policy on every release, or every policy of one") {
    const auto texts = [](const std::string& anyio, const std::string& policy) {
        std::vector<std::string> names;
        for (const model::Config& config : verdict_kernels(anyio, policy)) names.push_back(config_text(config));
        return names;
    };
    CHECK(texts("", "narrow") == std::vector<std::string>{"4.13.0 narrow", "4.14.2 narrow", "4.15.1 narrow"});
    CHECK(texts("4.15.1", "v3") == std::vector<std::string>{"4.15.1 v3"});
    CHECK(texts("4.15.1", "").size() == model::all_policies().size());
    CHECK_THROWS_AS(texts("4.15.1", "nobody's"), UsageError);
}

TEST_CASE("a verdict is the same for any number of jobs") {
    Verdict one = reach(small_verdict(1));
    Verdict two = reach(small_verdict(3));
    one.seconds = two.seconds = 0;
    CHECK(verdict_json(one) == verdict_json(two));
}

TEST_CASE("a verdict has every policy, and a cell breaks exactly where it has a case that replays") {
    const Verdict verdict = reach(small_verdict(2));
    std::set<std::string_view> policies;
    std::size_t broken = 0;
    for (const VerdictRow& row : verdict.rows) {
        policies.insert(row.config.policy->name);
        REQUIRE(row.cells.size() == verdict.contracts.size());
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const Cell& cell = row.cells[i];
            CHECK(cell.smallest.has_value() == (cell.standing != Standing::holds));
            if (!cell.smallest) continue;
            ++broken;
            const Failure failure = from_token(to_token(cell.smallest->failure));
            CHECK(failure.contract == verdict.contracts[i]);
            CHECK(exact_account_of(failure).place == cell.smallest->place);
        }
    }
    for (const model::Policy* policy : model::all_policies()) CHECK(policies.contains(policy->name));
    CHECK(broken > 0);
}

TEST_CASE("a contract that presupposes blocks does not apply to programs without") {
    VerdictOptions options = small_verdict(2);
    options.profiles = {scenarios::Profile::misuse};
    options.schedules = 1;
    const Verdict verdict = reach(options);
    const auto at = std::find(verdict.contracts.begin(), verdict.contracts.end(), "group-joins");
    REQUIRE(at != verdict.contracts.end());
    const auto& cell = verdict.rows.front().cells[static_cast<std::size_t>(at - verdict.contracts.begin())];
    CHECK(cell.standing == Standing::not_applicable);
}

TEST_CASE("the median counts a hunt that caught nothing as the longest") {
    CHECK(odds_of({5, 1, 9}).median() == 5);
    CHECK(odds_of({5, 1, 9, 7}).median() == 6);
    CHECK(odds_of({5, 1, std::nullopt}).median() == 5);
    CHECK(odds_of({5, std::nullopt, std::nullopt}).median() == std::nullopt);
    CHECK(odds_of({}).median() == std::nullopt);
}

TEST_CASE("the rate is the lower end of what the catches allow") {
    // Twenty catches in 20,000 schedules: 26.51 is the chi-squared quantile at 5 % over 40 degrees.
    const Odds odds = odds_of(std::vector<std::optional<std::uint64_t>>(20, 1000));
    CHECK(odds.rate(5000) == doctest::Approx(26.51 / 2 / 20'000).epsilon(0.001));
    CHECK(odds_of({std::nullopt}).rate(5000) == 0);
    CHECK(odds_of({100, std::nullopt}).rate(5000) < odds_of({100, std::nullopt}).rate(100));
}

TEST_CASE("so many schedules miss a bug with less than the bound, and one less would not do") {
    for (const double rate : {0.5, 1e-3, 1e-5}) {
        const std::uint64_t schedules = schedules_for(rate, kMissBound);
        CHECK(miss(rate, schedules) <= kMissBound * 1.000001);
        CHECK(miss(rate, schedules - 1) > kMissBound * 0.999999);
    }
}

TEST_CASE("a first catch is that of the whole hunt") {
    const auto twins = all_twins();
    HuntOptions hunting;
    hunting.config = twins.front().bad;
    hunting.profiles = kProfiles;
    hunting.schedules = 2000;
    hunting.shrink = false;
    const auto all = catches(hunting, {});
    const auto first = first_catch(hunting, {});
    REQUIRE(first);
    CHECK(first->schedule == all.front().schedule);
    CHECK(first->contract == all.front().contract);
    CHECK_FALSE(first_catch(hunting, places_of(hunting, 1)));
}

TEST_CASE("pieces of work are each done once, and the first error comes out") {
    std::vector<int> done(100);
    in_parallel(
        3, done.size(), kNeverStop, [&](std::size_t i) { ++done[i]; }, [](std::size_t) {});
    CHECK(std::count(done.begin(), done.end(), 1) == 100);
    const std::atomic<bool> stopped{true};
    in_parallel(
        3, done.size(), stopped, [&](std::size_t i) { ++done[i]; }, [](std::size_t) {});
    CHECK(std::count(done.begin(), done.end(), 1) == 100);
    const auto fails = [](std::size_t i) {
        if (i == 7) throw std::runtime_error("seven");
    };
    CHECK_THROWS_WITH(in_parallel(2, 50, kNeverStop, fails, [](std::size_t) {}), "seven");
}

}  // namespace

}  // namespace cancelsim::properties
