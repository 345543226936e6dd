#include "properties/commands/profiles.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "properties/commands/command.h"

namespace cancelsim::properties {

void add_profile_option(CLI::App& command, std::string& profile) {
    command
        .add_option("--profile", profile,
                    "what the programs may do: blocks (scopes and groups as blocks), misuse (also "
                    "by hand), all (these two in turn), start (blocks, and mostly about `start`), "
                    "objects (blocks, and locks, streams and the like that tasks share), "
                    "native (blocks, and asyncio's own timeouts, groups and ways to wait)")
        ->capture_default_str();
}

std::vector<scenarios::Profile> profiles_named(const std::string& name) {
    if (name == "all") return {scenarios::Profile::misuse, scenarios::Profile::blocks};
    if (const auto profile = scenarios::find_profile(name)) return {*profile};
    throw UsageError(
        fmt::format("--profile {}: unknown profile; there are: blocks, misuse, start, objects, native, all", name));
}

}  // namespace cancelsim::properties
