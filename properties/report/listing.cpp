#include "properties/report/listing.h"

#include <fmt/format.h>

#include "model/kernel.h"
#include "properties/contracts/contract.h"
#include "properties/report/terminal.h"
#include "properties/search/strategies.h"

namespace cancelsim::properties {

std::string list_text() {
    std::string text;
    text += fmt::format("{}\n", bold("kernels (--kernel)"));
    for (const model::Version* version : model::all_versions()) text += fmt::format("  {}\n", version->name);
    text += fmt::format("\n{}\n", bold("policies (--policy)"));
    for (const model::Policy* policy : model::all_policies())
        text += fmt::format("  {:<14} {}\n", policy->name, policy->summary);
    text += fmt::format("\n{}\n", bold("contracts (--contract)"));
    for (const auto& contract : make_contracts())
        text += fmt::format("  {:<28} {}\n", contract->name(), contract->promise());
    text += fmt::format("\n{}\n", bold("strategies (--strategy)"));
    for (const StrategyEntry& strategy : all_strategies())
        text += fmt::format("  {:<14} {}\n", strategy.name, strategy.summary);
    text += fmt::format("\n{}\n", bold("defects (--defect)"));
    for (const model::DefectEntry& defect : model::all_defects())
        text += fmt::format("  {:<28} {}\n", defect.name, defect.summary);
    return text;
}

}  // namespace cancelsim::properties
