#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/numbers.h"
#include "properties/commands/profiles.h"
#include "properties/search/hunt.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

struct GenerateOptions {
    std::string profile = "all";
    std::uint64_t seed = 1;
    std::uint64_t cases = 10;
};

int generate(const GenerateOptions& options) {
    HuntOptions hunt;
    hunt.profiles = profiles_named(options.profile);
    hunt.seed = options.seed;
    scenarios::Case program;
    for (std::uint64_t index = 0; index < options.cases && !interrupted; ++index) {
        std::uint64_t unused = 0;
        make_schedule(hunt, index, program, unused);
        fmt::print("{}\n", scenarios::to_json(program));
    }
    return kHolds;
}

}  // namespace

void add_generate(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("generate", "Print the cases that a hunt with the same seed would run");
    auto options = std::make_shared<GenerateOptions>();
    add_profile_option(*command, options->profile);
    command->add_option("--seed", options->seed, "the seed of the hunt")
        ->check(number_in(0, UINT64_MAX))
        ->capture_default_str();
    command->add_option("--cases", options->cases, "how many")
        ->check(number_in(1, kMostSchedules))
        ->capture_default_str();
    command->callback([&chosen, options] { chosen = [options] { return generate(*options); }; });
}

}  // namespace cancelsim::properties
