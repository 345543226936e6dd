// A policy, a contract and a scenario that are no part of cancelsim, under doctest and rapidcheck.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <atomic>

#include "every_scope_is_left.h"
#include "lazy_policy.h"
#include "properties/contracts/runner.h"
#include "properties/failure/replay.h"
#include "properties/rapidcheck_doctest.h"
#include "properties/search/hunt.h"
#include "properties/subject/config_names.h"
#include "scenarios/generate/arbitrary_case.h"
#include "scenarios/program/python/case_python.h"
#include "sim/strategies/random.h"

using namespace cancelsim;

namespace {

/// A worker that waits for a minute, in a group that is cancelled after a second.
scenarios::Case worker() {
    return scenarios::parse_python(R"(
import anyio

async def main():
    async with anyio.create_task_group() as group:
        async def worker():
            await anyio.sleep(60)
        group.start_soon(worker)
        await anyio.sleep(1)
        group.cancel_scope.cancel()

anyio.run(main)
)",
                                   "worker.py", "worker");
}

model::Config with_policy(const model::Policy& policy) {
    model::Config config = properties::default_config();
    config.policy = &policy;
    return config;
}

/// The names of the promises that a run in the ordinary order breaks.
std::string broken_by(const scenarios::Case& program, const model::Config& config) {
    properties::Runner runner(properties::make_contracts());
    std::string names;
    for (const properties::Contract* contract : runner.run(program, config, nullptr))
        names += std::string(contract->name()) + " ";
    return names;
}

}  // namespace

TEST_CASE("a scenario of one's own: the lazy policy forgets the worker, and narrow does not") {
    CHECK(broken_by(worker(), with_policy(*model::find_policy("narrow"))).empty());
    CHECK(broken_by(worker(), with_policy(lazy)).find("redelivery") != std::string::npos);
}

TEST_CASE("a contract of one's own: blocks leave their scopes, whatever the case and the schedule") {
    const properties::RegisteredContract<EveryScopeIsLeft> registered;
    properties::check_property("every scope is left", [] {
        const scenarios::Case program = *scenarios::arbitrary_case(scenarios::Profile::blocks);
        sim::RandomChoices choices(sim::kAsyncioKinds);
        choices.begin(*rc::gen::arbitrary<std::uint64_t>());
        properties::Runner runner(properties::make_contracts(std::vector<std::string>{"every-scope-is-left"}));
        RC_ASSERT(runner.run(program, with_policy(*model::find_policy("narrow")), &choices).empty());
    });
}

TEST_CASE("a contract of one's own is hunted, shrunk, and replayed from its token") {
    const properties::RegisteredContract<EveryScopeIsLeft> registered;
    properties::HuntOptions options;
    options.config = with_policy(*model::find_policy("narrow"));
    options.profiles = {scenarios::Profile::misuse};
    options.contracts = {"every-scope-is-left"};
    options.schedules = 1000;
    const std::atomic<bool> never{false};
    const properties::HuntResult result = properties::hunt(options, never, properties::HuntNews{});
    REQUIRE(result.found.size() == 1);
    const properties::Failure& failure = result.found.front().failure;
    CHECK(failure.program.statements.size() <= 2);
    const properties::Account account = properties::account_of(properties::from_token(properties::to_token(failure)));
    CHECK(account.broken);
    CHECK(account.place == "not left");
    CHECK(account.digest == failure.digest);
}

TEST_CASE("random cases: the lazy policy keeps redelivery" * doctest::skip()) {
    properties::check_property("redelivery", [] {
        const scenarios::Case program = *scenarios::arbitrary_case(scenarios::Profile::blocks);
        properties::Runner runner(properties::make_contracts(std::vector<std::string>{"redelivery"}));
        RC_ASSERT(runner.run(program, with_policy(lazy), nullptr).empty());
    });
}
