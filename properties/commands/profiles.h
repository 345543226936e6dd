// The option `--profile`.
#pragma once

#include <string>
#include <vector>

#include "scenarios/generate/generator.h"

namespace CLI {
class App;
}

namespace cancelsim::properties {

void add_profile_option(CLI::App& command, std::string& profile);
/// `blocks`, `misuse`, `start`, `objects`, `native`, or `all`: the first two in turn. Throws UsageError.
std::vector<scenarios::Profile> profiles_named(const std::string& name);

}  // namespace cancelsim::properties
