#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "model/kernel.h"
#include "properties/commands/command.h"
#include "properties/contract.h"
#include "properties/strategies.h"
#include "properties/terminal.h"

namespace cancelsim::properties {

namespace {

int list() {
    fmt::print("{}\n", bold("kernels (--kernel)"));
    for (const model::Version* version : model::all_versions()) fmt::print("  {}\n", version->name);
    fmt::print("\n{}\n", bold("policies (--policy)"));
    for (const model::Policy* policy : model::all_policies())
        fmt::print("  {:<14} {}\n", policy->name, policy->summary);
    fmt::print("\n{}\n", bold("contracts (--contract)"));
    for (const auto& contract : make_contracts())
        fmt::print("  {:<28} {}\n", contract->name(), contract->promise());
    fmt::print("\n{}\n", bold("strategies (--strategy)"));
    for (const StrategyEntry& strategy : all_strategies())
        fmt::print("  {:<14} {}\n", strategy.name, strategy.summary);
    fmt::print("\n{}\n", bold("defects (--defect)"));
    for (const model::DefectEntry& defect : model::all_defects())
        fmt::print("  {:<28} {}\n", defect.name, defect.summary);
    return kHolds;
}

}  // namespace

void add_list(CLI::App& app, Chosen& chosen) {
    auto* command =
        app.add_subcommand("list", "List kernels, policies, contracts, strategies and defects");
    command->callback([&chosen] { chosen = list; });
}

}  // namespace cancelsim::properties
