#include "properties/commands/config_options.h"

namespace cancelsim::properties {

std::vector<Option> ConfigOptions::options(bool has_defaults) {
    const model::Config otherwise = default_config();
    const auto preset = [&](auto* entry) { return has_defaults ? std::string(entry->name) : std::string(); };
    return {
        {.names = "--anyio,--kernel",
         .value = Text{&anyio, "NAME", list_of(model::all_versions())},
         .help = "anyio release",
         .preset = preset(otherwise.version)},
        {.names = "--policy",
         .value = Text{&policy, "NAME", list_of(model::all_policies())},
         .help = "delivery policy",
         .preset = policy.empty() ? preset(otherwise.policy) : ""},
        {.names = "--python",
         .value = Text{&python, "NAME", list_of(model::all_pythons())},
         .help = "CPython semantics",
         .preset = preset(otherwise.python)},
        {"--bug", Text{&bugs, "NAME", names_of_switches(false)}, "a bug to put back, or a planted one"},
        {"--fix", Text{&fixes, "NAME", names_of_switches(true)}, "a fix to try"},
        {"--fixes", Flag{&all_fixes}, "every fix that there is for what anyio has to this day (see `cancelsim list`)"},
        {.names = "--defect",
         .value = Text{&switches, "NAME"},
         .help = "an older spelling of --bug and --fix",
         .hidden = true},
    };
}

}  // namespace cancelsim::properties
