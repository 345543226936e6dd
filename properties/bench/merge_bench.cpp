// Compares what merged and unmerged exploration show: `merge_bench STATEMENTS [RELEASE POLICY ...]`.
//
// Every program of up to so many statements is explored twice, with runs that come to the same state followed once, and
// each to its end. The failures must be the same. Ends with 1 where they differ.
#include <fmt/format.h>

#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "properties/search/explorer.h"
#include "properties/search/verify.h"
#include "properties/subject/config_names.h"
#include "scenarios/generate/small_programs.h"

namespace cancelsim::properties {

namespace {

/// As `verify` has it.
constexpr std::uint64_t kMostSchedules = 1'000'000;

struct Comparison {
    Explorer merged{make_contracts(), sim::kAsyncioKinds};
    Explorer unmerged{make_contracts(), sim::kAsyncioKinds};
    std::uint64_t programs = 0;
    std::uint64_t different = 0;
    std::uint64_t merged_schedules = 0;
    std::uint64_t schedules = 0;

    Comparison() { unmerged.merge(false); }

    void take(const scenarios::Case& program, const model::Config& config) {
        ++programs;
        const auto few = shown(merged, program, config, merged_schedules);
        const auto all = shown(unmerged, program, config, schedules);
        if (few == all) return;
        ++different;
        fmt::print("{} {}: {} failures merged, {} unmerged, of {}\n", config.version->name, config.policy->name,
                   few.size(), all.size(), program.name);
    }

private:
    static std::set<std::string> shown(Explorer& explorer, const scenarios::Case& program, const model::Config& config,
                                       std::uint64_t& count) {
        std::set<std::string> failures;
        const Explored explored =
            explorer.explore(program, config, kMostSchedules, [&](const std::vector<Contract*>& broken) {
                for (const Contract* contract : broken)
                    failures.insert(fmt::format("{} at {}", contract->name(), contract->place().name()));
                return true;
            });
        if (!explored.all) failures.insert("not explored to the end");
        count += explored.schedules;
        return failures;
    }
};

int run(std::uint32_t statements, const std::vector<model::Config>& configs) {
    bool same = true;
    for (const model::Config& config : configs) {
        Comparison comparison;
        for (std::uint32_t size = 1; size <= statements; ++size)
            scenarios::for_each_small_program(scenarios::Alphabet::scopes, size, [&](scenarios::Case& program) {
                program.budget = kSmallBudget;
                comparison.take(program, config);
                return true;
            });
        fmt::print("{} {}: {} programs, {} schedules merged, {} unmerged: {} programs differ\n", config.version->name,
                   config.policy->name, comparison.programs, comparison.merged_schedules, comparison.schedules,
                   comparison.different);
        same = same && comparison.different == 0;
    }
    return same ? 0 : 1;
}

}  // namespace

}  // namespace cancelsim::properties

int main(int count, char** arguments) {
    using namespace cancelsim::properties;
    std::vector<cancelsim::model::Config> configs;
    for (int at = 2; at + 1 < count; at += 2)
        configs.push_back(ConfigNames{.anyio = arguments[at], .policy = arguments[at + 1]}.resolve());
    if (configs.empty()) configs.push_back(default_config());
    return run(count > 1 ? static_cast<std::uint32_t>(std::atoi(arguments[1])) : 4, configs);
}
