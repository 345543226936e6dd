#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "properties/commands/command.h"
#include "properties/report/listing.h"

namespace cancelsim::properties {

namespace {

int list() {
    fmt::print("{}", list_text());
    return kHolds;
}

}  // namespace

void add_list(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("list", "List kernels, policies, contracts, strategies and defects");
    command->callback([&chosen] { chosen = list; });
}

}  // namespace cancelsim::properties
