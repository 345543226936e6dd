// The options that say which kernel is meant: `--kernel --policy --python --defect --fixes`.
#pragma once

#include "properties/subject/config_names.h"

namespace CLI {
class App;
}

namespace cancelsim::properties {

struct ConfigOptions : ConfigNames {
    void add_to(CLI::App& command);
};

}  // namespace cancelsim::properties
