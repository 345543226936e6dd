#include "properties/report/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "properties/failure/choice_words.h"
#include "properties/report/terminal.h"
#include "properties/report/timeline/columns.h"
#include "properties/report/wrap.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

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

/// Whether the row is something that a task of the program did.
bool is_deed(const Row& row) {
    const bool by_kind = row.kind == RowKind::event || row.kind == RowKind::enter || row.kind == RowKind::leave;
    return by_kind && row.column != 0;
}

std::size_t next_deed(const Story& story, std::size_t from) {
    while (from < story.rows.size() && !is_deed(story.rows[from])) ++from;
    return from;
}

/// The first deed of a task that is not the same in both, whenever it is done; nothing where all are.
std::optional<Parting> deeds_part(const Story& here, const Story& there) {
    Parting parting;
    for (;; ++parting.here, ++parting.there, ++parting.shared) {
        parting.here = next_deed(here, parting.here);
        parting.there = next_deed(there, parting.there);
        const bool here_ends = parting.here == here.rows.size();
        const bool there_ends = parting.there == there.rows.size();
        if (here_ends && there_ends) return std::nullopt;
        if (here_ends || there_ends) return parting;
        const Row& one = here.rows[parting.here];
        const Row& other = there.rows[parting.there];
        if (one.text != other.text || here.columns[one.column] != there.columns[other.column]) return parting;
    }
}

/// `begin` and `text`, wrapped, what follows as far in as `begin` is long.
std::string paragraph(const std::string& begin, const std::string& text) {
    const std::string indent(begin.size(), ' ');
    const auto lines = wrapped(text, columns_of_output() - begin.size(), "");
    return fmt::format("{}{}\n", begin, fmt::join(lines, "\n" + indent));
}

std::string parting_text(const Story& here, const Story& there, const Parting& parting) {
    return paragraph("    here   ", row_text(here, parting.here)) +
           paragraph("    there  ", row_text(there, parting.there));
}

std::string difference_text(const Explanation& explanation) {
    std::string text = bold("What made the difference") + "\n";
    if (!explanation.nearest)
        return text +
               paragraph("  ",
                         "No run near this one keeps the promise: every policy and fix that was tried breaks it too.");
    const Neighbour& nearest = *explanation.nearest;
    text += paragraph(
        "  ", fmt::format("The nearest run that keeps the promise: the same program and schedule {}.", nearest.change));
    text += "  The first thing that goes otherwise:\n";
    text += parting_text(explanation.story, nearest.story, nearest.parting);
    if (const auto deeds = deeds_part(explanation.story, nearest.story); !deeds) {
        text += "  What the tasks do is the same in both.\n";
    } else if (deeds->here != nearest.parting.here) {
        text += "  The first thing that a task does otherwise:\n";
        text += parting_text(explanation.story, nearest.story, *deeds);
    }
    return text + paragraph("  ", fmt::format("There {}.", nearest.story.rows.back().text));
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
    Json choices = Json::array();
    for (const sim::Deviation& deviation : nearest.run.schedule.deviations)
        choices.push_back(Json::parse(deviation_json(nearest.run.program, deviation)));
    Json json{{"change", nearest.change}};
    json.update(config_json(nearest.run.config));
    json.update({{"choices", choices},
                 {"shared_rows", nearest.parting.shared},
                 {"here", row_json(explanation.story, nearest.parting.here)},
                 {"there", row_json(nearest.story, nearest.parting.there)}});
    return json;
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
    return json_line(json);
}

}  // namespace cancelsim::properties
