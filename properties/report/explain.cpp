#include "properties/report/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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

/// Most of them tell it; those of a spin are cut short.
constexpr std::size_t kMostInterruptions = 12;

std::string interruptions_text(const Story& story) {
    if (story.interruptions.empty()) return {};
    std::string text = "\n" + bold("Who cancelled whom") + "\n";
    const std::size_t told = std::min(story.interruptions.size(), kMostInterruptions);
    for (std::size_t i = 0; i < told; ++i) {
        const Interruption& each = story.interruptions[i];
        const std::string line = fmt::format("iteration {}, time {}: {} in {}, by {}", each.iteration, each.time,
                                             each.task, each.where, each.cause);
        text += fmt::format("  {}\n", fmt::join(wrapped(line, columns_of_output() - 4, ""), "\n    "));
    }
    if (told < story.interruptions.size())
        text += fmt::format("  and {} times more\n", story.interruptions.size() - told);
    return text;
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

/// What a story says by itself.
Json story_json(const Story& story) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < story.rows.size(); ++i) rows.push_back(row_json(story, i));
    Json interruptions = Json::array();
    for (const Interruption& each : story.interruptions)
        interruptions.push_back({{"iteration", each.iteration},
                                 {"time", each.time},
                                 {"task", each.task},
                                 {"where", each.where},
                                 {"cause", each.cause}});
    return {{"rows", std::move(rows)}, {"interruptions", std::move(interruptions)}};
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
    explanation.labelled = Labeller().label(failure, explanation.account.place, release_of(failure.config));
    explanation.nearest = nearest_passing(failure, explanation.story);
    return explanation;
}

std::string explanation_text(const Failure& failure, const Explanation& explanation) {
    std::string text = failure_text(failure, explanation.account, explanation.labelled);
    text += "\n" + columns_text(explanation.story);
    text += interruptions_text(explanation.story);
    text += "\n" + difference_text(explanation);
    return text + bold(replay_command(failure)) + "\n";
}

std::string explanation_json(const Failure& failure, const Explanation& explanation) {
    Json json = Json::parse(account_json(failure, explanation.account, explanation.labelled));
    json.update(story_json(explanation.story));
    json["nearest"] = nearest_json(explanation);
    return json_line(json);
}

ExplainedRun explain_run(const Failure& run) {
    ExplainedRun explained{tell(run), {}};
    Runner runner(make_all_contracts());
    sim::Replay replay(run.schedule);
    Labeller labeller;
    for (const Contract* contract : runner.run(run.program, run.config, &replay)) {
        Failure failure = run;
        failure.contract = contract->name();
        explained.broken.push_back({failure.contract, std::string(contract->place()), contract->about(),
                                    labeller.label(failure, contract->place(), release_of(run.config)),
                                    contract->what_happened()});
    }
    return explained;
}

std::string run_text(const Failure& run, const ExplainedRun& explained) {
    std::string text = fmt::format("{}: {}\n\n", bold(run.program.name), config_text(run.config));
    text += columns_text(explained.story) + interruptions_text(explained.story) + "\n";
    if (explained.broken.empty()) text += green("kept") + ": this run breaks no contract\n";
    for (const BrokenInRun& broken : explained.broken) {
        const std::string label = text_of(broken.labelled);
        text += fmt::format("{} {}\n", broken.counts() ? red(broken.contract) : broken.contract,
                            bold("at: " + broken.place));
        text += fmt::format("  {}\n", broken.about == About::program ? std::string("about the program") : label);
        text += fmt::format("  {}\n", fmt::join(wrapped(broken.happened, columns_of_output() - 2, ""), "\n  "));
    }
    return text;
}

std::string run_json(const Failure& run, const ExplainedRun& explained) {
    Json json{{"case", run.program.name}};
    json.update(config_json(run.config));
    json.update(story_json(explained.story));
    json["broken"] = Json::array();
    for (const BrokenInRun& broken : explained.broken)
        json["broken"].push_back(
            {{"contract", broken.contract},
             {"place", broken.place},
             {"about", name_of(broken.about)},
             {"label", name_of(broken.labelled.label)},
             {"known", broken.labelled.known() == nullptr ? Json() : Json(broken.labelled.known()->title)},
             {"happened", broken.happened}});
    return json_line(json);
}

}  // namespace cancelsim::properties
