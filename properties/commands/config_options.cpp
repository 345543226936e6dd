#include "properties/commands/config_options.h"

#include <CLI/CLI.hpp>

namespace cancelsim::properties {

void ConfigOptions::add_to(CLI::App& command) {
    command.add_option("--kernel", kernel, "anyio release: " + names_of(model::all_versions()))->capture_default_str();
    command.add_option("--policy", policy, "delivery policy: " + names_of(model::all_policies()))
        ->capture_default_str();
    command.add_option("--python", python, "CPython semantics: " + names_of(model::all_pythons()))
        ->capture_default_str();
    command.add_option("--defect", defects, "a historical bug to put back; may be given again (see `cancelsim list`)")
        ->allow_extra_args(false);
    command.add_flag("--fixes", fixes, "every fix that there is for what anyio has to this day (see `cancelsim list`)");
}

}  // namespace cancelsim::properties
