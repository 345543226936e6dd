// The options that say which kernel is meant: `--anyio --policy --python --bug --fix --fixes`.
#pragma once

#include "properties/subject/config_names.h"

namespace CLI {
class App;
}

namespace cancelsim::properties {

struct ConfigOptions : ConfigNames {
    /// `has_defaults`: what is not given is as default_config has it, and the help says so.
    void add_to(CLI::App& command, bool has_defaults = true);
};

}  // namespace cancelsim::properties
