#include "properties/search/shrink.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "properties/failure/replay.h"
#include "properties/search/hunt.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

HuntOptions options_for(const std::string& policy, std::vector<std::string> contracts) {
    ConfigNames config;
    config.policy = policy;
    HuntOptions options;
    options.config = config.resolve();
    options.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    options.contracts = std::move(contracts);
    options.schedules = 300;
    return options;
}

/// The first failure of each of 12 hunts, shrunk.
std::vector<Found> first_of_each(HuntOptions options) {
    const std::atomic<bool> stop{false};
    std::vector<Found> firsts;
    for (options.seed = 1; options.seed <= 12; ++options.seed) {
        const HuntResult result = hunt(options, stop, [](std::uint64_t, std::size_t, double) {});
        if (!result.found.empty()) firsts.push_back(result.found.front());
    }
    return firsts;
}

std::size_t median(std::vector<std::size_t> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers.at(numbers.size() / 2);
}

struct Medians {
    std::size_t statements;
    std::size_t deviations;
};

Medians check_and_measure(const std::string& policy, std::vector<std::string> contracts) {
    std::vector<std::size_t> statements;
    std::vector<std::size_t> deviations;
    for (const Found& found : first_of_each(options_for(policy, std::move(contracts)))) {
        const Failure& failure = found.failure;
        INFO(to_token(failure));
        const Account account = exact_account_of(failure);
        CHECK(account.place == found.place);
        CHECK(failure.program.statements.size() <= found.statements_found);
        statements.push_back(failure.program.statements.size());
        deviations.push_back(failure.schedule.deviations.size());
    }
    REQUIRE(statements.size() >= 10);
    return {median(statements), median(deviations)};
}

}  // namespace

TEST_CASE("a zombie shrinks to three statements in the ordinary order") {
    const Medians medians = check_and_measure("upstream", {"no-hot-loop", "no-rearm-without-live-tasks"});
    CHECK(medians.statements <= 3);
    CHECK(medians.deviations == 0);
}

TEST_CASE("what v3 loses shrinks to six statements and one deviation") {
    const Medians medians = check_and_measure("v3", {"deferred-self-delivery", "redelivery", "no-livelock"});
    CHECK(medians.statements <= 6);
    CHECK(medians.deviations <= 1);
}

TEST_CASE("what pull 1260 loses shrinks to six statements and one deviation") {
    const Medians medians = check_and_measure("pr1260", {"redelivery", "no-livelock"});
    CHECK(medians.statements <= 6);
    CHECK(medians.deviations <= 1);
}

TEST_CASE("a deviation that a failure does not need is left out") {
    const std::atomic<bool> stop{false};
    HuntOptions options = options_for("upstream", {"no-hot-loop"});
    options.shrink = false;
    const HuntResult result = hunt(options, stop, [](std::uint64_t, std::size_t, double) {});
    REQUIRE_FALSE(result.found.empty());
    const Found& found = result.found.front();
    Runner runner(make_contracts(options.contracts));
    const Failure shrunk = shrink(runner, found.failure, found.place, 20'000);
    CHECK(shrunk.schedule.deviations.empty());
    CHECK(exact_account_of(shrunk).place == found.place);
    SUBCASE("with no runs to spend it stays as it is") {
        CHECK(to_token(shrink(runner, found.failure, found.place, 0)) == to_token(found.failure));
    }
    SUBCASE("the result depends on nothing but the arguments") {
        Runner other(make_contracts({}));
        CHECK(to_token(shrink(other, found.failure, found.place, 20'000)) == to_token(shrunk));
    }
}

}  // namespace cancelsim::properties
