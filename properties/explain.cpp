#include "properties/explain.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "properties/columns.h"
#include "properties/terminal.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

bool has_column(const Row& row) { return row.kind != RowKind::broken && row.kind != RowKind::end; }

std::string row_text(const Story& story, std::size_t index) {
    if (index == story.rows.size()) return "nothing more";
    const Row& row = story.rows[index];
    const std::string who = has_column(row) ? story.columns[row.column] + ": " : "";
    const char* verb = row.kind == RowKind::enter ? "enters " : "";
    return fmt::format("iteration {}, time {}: {}{}{}", row.iteration, row.time, who, verb, row.text);
}

std::string difference_text(const Explanation& explanation) {
    std::string text = bold("What made the difference") + "\n";
    if (!explanation.nearest)
        return text + "  No run near this one keeps the promise: every policy and fix that was tried breaks it too.\n";
    const Neighbour& nearest = *explanation.nearest;
    text +=
        fmt::format("  The nearest run that keeps the promise: the same program and schedule {}.\n", nearest.change);
    text += "  The first thing that goes otherwise:\n";
    text += fmt::format("    here   {}\n", row_text(explanation.story, nearest.parting.here));
    text += fmt::format("    there  {}\n", row_text(nearest.story, nearest.parting.there));
    return text + fmt::format("  There {}.\n", nearest.story.rows.back().text);
}

Json row_json(const Story& story, std::size_t index) {
    if (index == story.rows.size()) return nullptr;
    constexpr std::string_view kKinds[] = {"event", "enter", "leave", "pass", "choice", "rounds", "broken", "end"};
    const Row& row = story.rows[index];
    return {{"iteration", row.iteration},
            {"time", row.time},
            {"column", has_column(row) ? Json(story.columns[row.column]) : Json()},
            {"kind", kKinds[static_cast<std::size_t>(row.kind)]},
            {"text", row.text}};
}

Json nearest_json(const Explanation& explanation) {
    if (!explanation.nearest) return nullptr;
    const Neighbour& nearest = *explanation.nearest;
    const model::Config& config = nearest.run.config;
    Json defects = Json::array();
    for (const model::DefectEntry& entry : model::all_defects())
        if (config.defects.has(entry.defect)) defects.push_back(entry.name);
    Json deviations = Json::array();
    for (const sim::Deviation& deviation : nearest.run.schedule.deviations)
        deviations.push_back({deviation.question, deviation.answer});
    return {{"change", nearest.change},
            {"kernel", config.version->name},
            {"policy", config.policy->name},
            {"python", config.python->name},
            {"defects", defects},
            {"deviations", deviations},
            {"shared_rows", nearest.parting.shared},
            {"here", row_json(explanation.story, nearest.parting.here)},
            {"there", row_json(nearest.story, nearest.parting.there)}};
}

}  // namespace

Explanation explain(const Failure& failure) {
    Explanation explanation{exact_account_of(failure), tell(failure), {}};
    explanation.nearest = nearest_passing(failure, explanation.story);
    return explanation;
}

std::string explanation_text(const Failure& failure, const Explanation& explanation) {
    std::string text = failure_text(failure, explanation.account);
    text += "\n" + columns_text(explanation.story);
    text += "\n" + difference_text(explanation);
    return text + bold(replay_command(failure)) + "\n";
}

std::string explanation_json(const Failure& failure, const Explanation& explanation) {
    Json json = Json::parse(account_json(failure, explanation.account));
    Json rows = Json::array();
    for (std::size_t i = 0; i < explanation.story.rows.size(); ++i) rows.push_back(row_json(explanation.story, i));
    json["rows"] = std::move(rows);
    json["nearest"] = nearest_json(explanation);
    return json.dump();
}

}  // namespace cancelsim::properties
