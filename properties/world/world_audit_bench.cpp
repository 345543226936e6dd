// Compares the world with the library's books over as many runs as are wanted: `world_audit_bench RUNS [FIRST_SEED]`.
//
// Every release, policy and Python in turn, on random cases of all profiles under random schedules. Two shares of the
// work are two ranges of seeds; it says where the next one begins. Ends with 1 where anything differs.
#include <fmt/format.h>

#include <cstdlib>

#include "properties/world/world_audit.h"
#include "scenarios/generate/generator.h"
#include "sim/strategies/random.h"

namespace cancelsim::properties {

namespace {

struct Auditor {
    scenarios::Interpreter run;
    scenarios::Case program;
    sim::RandomChoices choices{sim::kAsyncioKinds};
    WorldAudit audit;
    std::uint64_t runs = 0;
    std::uint64_t different = 0;

    /// One case under every setting.
    void take(std::uint64_t seed) {
        scenarios::generate(static_cast<scenarios::Profile>(seed % scenarios::kProfiles), seed, program);
        for (const model::Version* version : model::all_versions())
            for (const model::Policy* policy : model::all_policies())
                for (const sim::Python* python : model::all_pythons()) take(seed, {version, policy, python, {}});
    }

private:
    void take(std::uint64_t seed, const model::Config& config) {
        choices.begin(seed);
        run.prepare(program, config, &choices);
        audit.begin(run);
        run.run();
        ++runs;
        if (audit.difference().empty()) return;
        ++different;
        fmt::print("anyio {}, policy {}, python {}, seed {}, {}\n", config.version->name, config.policy->name,
                   config.python->name, seed, audit.difference());
    }
};

int run(std::uint64_t runs, std::uint64_t seed) {
    Auditor auditor;
    while (auditor.runs < runs) auditor.take(seed++);
    fmt::print("{} runs, compared at {} events: {} differ; the next seed is {}\n", auditor.runs,
               auditor.audit.compared(), auditor.different, seed);
    return auditor.different == 0 ? 0 : 1;
}

}  // namespace

}  // namespace cancelsim::properties

int main(int count, char** arguments) {
    const auto number = [&](int index, std::uint64_t otherwise) {
        return index < count ? std::strtoull(arguments[index], nullptr, 10) : otherwise;
    };
    return cancelsim::properties::run(number(1, 100'000), number(2, 0));
}
