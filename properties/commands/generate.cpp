#include <fmt/format.h>

#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/search/hunt.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

struct GenerateOptions {
    std::string profile = "both";
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

Command generate_command() {
    auto options = std::make_shared<GenerateOptions>();
    return {
        .name = "generate",
        .summary = "Print the cases that a hunt with the same seed would run",
        .options = {profile_option(options->profile),
                    {"--seed", Seed{&options->seed}, "the seed of the hunt"},
                    {"--cases", Number{&options->cases, 1, kMostSchedules}, "how many"}},
        .run = [options] { return generate(*options); },
    };
}

}  // namespace cancelsim::properties
