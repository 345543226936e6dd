#include "properties/commands/config_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace cancelsim::properties {

void ConfigOptions::add_to(CLI::App& command, bool has_defaults) {
    const model::Config preset = default_config();
    const auto described = [&](std::string_view what, const std::string& names, std::string_view otherwise) {
        return fmt::format("{}: {}{}", what, names, has_defaults ? fmt::format(" (default {})", otherwise) : "");
    };
    command.add_option("--anyio,--kernel", anyio,
                       described("anyio release", names_of(model::all_versions()), preset.version->name));
    command.add_option("--policy", policy,
                       described("delivery policy", names_of(model::all_policies()), preset.policy->name));
    command.add_option("--python", python,
                       described("CPython semantics", names_of(model::all_pythons()), preset.python->name));
    command.add_option("--bug", bugs, "a bug to put back, or a planted one; may be given again (see `cancelsim list`)")
        ->allow_extra_args(false);
    command.add_option("--fix", fixes, "a fix to try; may be given again (see `cancelsim list`)")
        ->allow_extra_args(false);
    command.add_flag("--fixes", all_fixes,
                     "every fix that there is for what anyio has to this day (see `cancelsim list`)");
    command.add_option("--defect", switches, "an older spelling of --bug and --fix")
        ->allow_extra_args(false)
        ->group("");  // not in the help
}

}  // namespace cancelsim::properties
