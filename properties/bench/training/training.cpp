// The work for which a release is optimised: see training.cmake. It prints nothing and is the same every time.
#include "properties/bench/workloads.h"
#include "properties/contracts/runner.h"
#include "scenarios/generate/generator.h"
#include "sim/strategies/random.h"

namespace {

using namespace cancelsim;

model::Config config(std::string_view kernel, std::string_view policy) {
    return {model::find_version(kernel), model::find_policy(policy), model::find_python("3.11"), {}};
}

/// Programs under the ordinary schedule.
void run_all(properties::Runner& runner, const std::vector<scenarios::Case>& programs, int times) {
    for (const auto& [kernel, policy] : {std::pair{"4.13.0", "upstream"}, {"4.13.0", "narrow"}, {"4.14.2", "upstream"}})
        for (int i = 0; i < times; ++i)
            for (const scenarios::Case& program : programs) runner.run(program, config(kernel, policy), nullptr);
}

/// The work of a hunt.
void hunt(properties::Runner& runner, scenarios::Profile profile, sim::ChoiceKinds asked, std::uint64_t schedules) {
    sim::RandomChoices choices(asked);
    scenarios::Case program;
    for (const auto& policy : {"upstream", "narrow"})
        for (std::uint64_t seed = 0; seed < schedules; ++seed) {
            scenarios::generate(profile, seed, program);
            choices.begin(seed);
            runner.run(program, config("4.13.0", policy), &choices);
        }
}

/// The same program under schedules that only other loops than asyncio's have.
void reorder(properties::Runner& runner, const scenarios::Case& program, std::uint64_t schedules) {
    sim::RandomChoices choices(sim::kAdversarialKinds);
    for (std::uint64_t seed = 0; seed < schedules; ++seed) {
        choices.begin(seed);
        runner.run(program, config("4.13.0", "narrow"), &choices);
    }
}

}  // namespace

int main() {
    for (const bool contracts : {true, false}) {
        properties::Runner runner(contracts ? properties::make_contracts() : properties::Contracts{});
        run_all(runner, properties::w1_programs(300), 5);
        run_all(runner, {properties::w2_program(20'000)}, 1);
        run_all(runner, {properties::w3_program(3'000)}, 1);
        reorder(runner, properties::w5_program(), 3'000);
        hunt(runner, scenarios::Profile::blocks, sim::kAsyncioKinds, 6'000);
        hunt(runner, scenarios::Profile::misuse, sim::kAsyncioKinds, 2'000);
    }
}
