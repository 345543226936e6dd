// The options that say which kernel is meant: `--anyio --policy --python --bug --fix --fixes`.
#pragma once

#include <vector>

#include "properties/commands/line/command.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

struct ConfigOptions : ConfigNames {
    /// `has_defaults`: what is not given is as default_config has it, and the help says so.
    std::vector<Option> options(bool has_defaults = true);
};

}  // namespace cancelsim::properties
