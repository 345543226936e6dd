// The options that say which kernel is meant: `--kernel --policy --python --defect`.
#pragma once

#include <string>
#include <vector>

#include "model/defects.h"
#include "model/kernel.h"

namespace CLI {
class App;
}

namespace cancelsim::properties {

struct ConfigOptions {
    std::string kernel = "4.13.0";
    std::string policy = "upstream";
    std::string python = "3.11";
    std::vector<std::string> defects;

    void add_to(CLI::App& command);
    /// Throws UsageError where a name is unknown.
    model::Config resolve() const;
};

/// `4.13.0 upstream`, with Python and defects where they are not the default.
std::string config_text(const model::Config& config);

}  // namespace cancelsim::properties
