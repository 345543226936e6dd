// The options that say which kernel is meant: `--kernel --policy --python --defect --fixes`.
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
    bool fixes = false;

    void add_to(CLI::App& command);
    /// Throws UsageError where a name is unknown.
    model::Config resolve() const;
};

/// ` +698 +carried`, and ` +fixes` for all that are live; empty where there are none.
std::string defects_text(const model::Defects& defects);
/// `4.13.0 upstream`, with Python and defects where they are not the default.
std::string config_text(const model::Config& config);

}  // namespace cancelsim::properties
