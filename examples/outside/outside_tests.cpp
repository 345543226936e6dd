// A policy, a contract and a scenario that are no part of cancelsim, under doctest and rapidcheck.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "every_scope_is_left.h"
#include "lazy_policy.h"
#include "properties/contracts/runner.h"
#include "properties/rapidcheck_doctest.h"
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
    properties::check_property("every scope is left", [] {
        const scenarios::Case program = *scenarios::arbitrary_case(scenarios::Profile::blocks);
        sim::RandomChoices choices(sim::kAsyncioKinds);
        choices.begin(*rc::gen::arbitrary<std::uint64_t>());
        EveryScopeIsLeft contract;
        properties::Runner runner(properties::make_contracts());
        runner.run(program, with_policy(*model::find_policy("narrow")), &choices, contract);
        RC_ASSERT(!contract.broken());
    });
}

TEST_CASE("random cases: the lazy policy keeps redelivery" * doctest::skip()) {
    properties::check_property("redelivery", [] {
        const scenarios::Case program = *scenarios::arbitrary_case(scenarios::Profile::blocks);
        properties::Runner runner(properties::make_contracts(std::vector<std::string>{"redelivery"}));
        RC_ASSERT(runner.run(program, with_policy(lazy), nullptr).empty());
    });
}
