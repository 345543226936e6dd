// What runs, by its names: release, policy, Python, switches.
#pragma once

#include <string>
#include <vector>

#include "model/defects.h"
#include "model/kernel.h"

namespace cancelsim::properties {

/// The names that a command line gives; the defaults are what runs where nothing is said.
struct ConfigNames {
    std::string kernel = "4.13.0";
    std::string policy = "upstream";
    std::string python = "3.11";
    std::vector<std::string> defects;
    bool fixes = false;

    /// Throws UsageError where a name is unknown.
    model::Config resolve() const;
};

/// `a, b, c`: the names in a table of the model.
template <class Entries>
std::string names_of(const Entries& entries) {
    std::string text;
    for (const auto* entry : entries) {
        if (!text.empty()) text += ", ";
        text += entry->name;
    }
    return text;
}

/// ` +698 +carried`, and ` +fixes` for all that are live; empty where there are none.
std::string defects_text(const model::Defects& defects);
/// `4.13.0 upstream`, with Python and defects where they are not the default.
std::string config_text(const model::Config& config);

}  // namespace cancelsim::properties
