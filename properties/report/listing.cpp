#include "properties/report/listing.h"

#include <fmt/format.h>

#include "model/kernel.h"
#include "properties/contracts/contract.h"
#include "properties/report/terminal.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

std::string list_text() {
    std::string text;
    text += fmt::format("{}\n", bold("releases of anyio (--anyio)"));
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
    for (const bool fixes : {false, true}) {
        text += fmt::format("\n{}\n", bold(fixes ? "fixes (--fix; all: --fixes)" : "bugs (--bug)"));
        for (const model::DefectEntry& entry : model::all_defects())
            if (is_fix(entry) == fixes) text += fmt::format("  {:<28} {}\n", entry.name, entry.summary);
    }
    return text;
}

}  // namespace cancelsim::properties
