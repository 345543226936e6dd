#include "properties/report/listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "model/kernel.h"
#include "properties/contracts/contract.h"
#include "properties/failure/known.h"
#include "properties/report/terminal.h"
#include "properties/report/wrap.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

struct Section {
    std::string_view key;  ///< in JSON
    std::string heading;
    std::vector<std::pair<std::string, std::string>> rows;  ///< a name, and what it is
};

std::vector<Section> sections() {
    Section releases{"releases", "releases of anyio (--anyio)", {}};
    for (const model::Version* version : model::all_versions()) releases.rows.emplace_back(version->name, "");
    Section pythons{"pythons", "semantics of CPython (--python)", {}};
    for (const sim::Python* python : model::all_pythons()) pythons.rows.emplace_back(python->name, "");
    Section policies{"policies", "policies (--policy)", {}};
    for (const model::Policy* policy : model::all_policies()) policies.rows.emplace_back(policy->name, policy->summary);
    Section contracts{"contracts", "contracts (--contract)", {}};
    for (const auto& contract : make_all_contracts())
        contracts.rows.emplace_back(contract->name(), contract->promise());
    Section strategies{"strategies", "strategies (--strategy)", {}};
    for (const StrategyEntry& strategy : all_strategies())
        if (strategy.make != nullptr) strategies.rows.emplace_back(strategy.name, strategy.summary);
    Section bugs{"bugs", "bugs (--bug)", {}};
    Section fixes{"fixes", "fixes (--fix; all: --fixes)", {}};
    for (const model::SwitchEntry& entry : model::all_switches())
        (is_fix(entry) ? fixes : bugs).rows.emplace_back(entry.name, entry.summary);
    Section findings{"findings", "findings (properties/FINDINGS.md)", {}};
    for (const Finding* finding : all_findings()) findings.rows.emplace_back(finding->id, finding->title);
    return {releases, pythons, policies, contracts, strategies, bugs, fixes, findings};
}

std::string row_text(const std::string& name, const std::string& summary, std::size_t column) {
    if (summary.empty()) return fmt::format("  {}\n", name);
    const auto lines = wrapped(summary, columns_of_output() - column, "");
    return fmt::format("{:<{}}{}\n", "  " + name, column, fmt::join(lines, "\n" + std::string(column, ' ')));
}

}  // namespace

std::string list_text() {
    std::string text;
    for (const Section& section : sections()) {
        std::size_t column = 0;
        for (const auto& row : section.rows) column = std::max(column, row.first.size() + 4);
        text += fmt::format("{}{}\n", text.empty() ? "" : "\n", bold(section.heading));
        for (const auto& [name, summary] : section.rows) text += row_text(name, summary, column);
    }
    return text;
}

std::string list_json() {
    nlohmann::ordered_json json;
    for (const Section& section : sections())
        for (const auto& [name, summary] : section.rows) {
            nlohmann::ordered_json row{{"name", name}};
            if (!summary.empty()) row["summary"] = summary;
            json[section.key].push_back(std::move(row));
        }
    return json_line(json);
}

}  // namespace cancelsim::properties
