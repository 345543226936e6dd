#include "properties/report/program_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "properties/failure/choice_words.h"
#include "properties/programs/program_choices.h"
#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/report/wrap.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

using Json = nlohmann::ordered_json;

std::string seconds_text(sim::Time nanoseconds) {
    return fmt::format("{:.9g} s", static_cast<double>(nanoseconds) / 1e9);
}

std::string plural(std::uint64_t count, const std::string& what) {
    return fmt::format("{} {}{}", count_text(count), what, count == 1 ? "" : "s");
}

std::size_t injections_of(const sim::Schedule& schedule) {
    return static_cast<std::size_t>(
        std::count_if(schedule.deviations.begin(), schedule.deviations.end(), [](const sim::Deviation& each) {
            return each.question.kind == sim::ChoiceKind::inject && each.question.position == 0;
        }));
}

std::size_t other_choices_of(const sim::Schedule& schedule) {
    return static_cast<std::size_t>(
        std::count_if(schedule.deviations.begin(), schedule.deviations.end(),
                      [](const sim::Deviation& each) { return each.question.kind != sim::ChoiceKind::inject; }));
}

/// How the run differs from the ordinary one.
std::string schedule_text(const sim::Schedule& schedule) {
    const std::size_t injections = injections_of(schedule);
    const std::size_t others = other_choices_of(schedule);
    if (injections + others == 0) return "the ordinary run";
    std::string text;
    if (injections != 0) text = plural(injections, "cancellation") + " from outside";
    if (others != 0) text += (text.empty() ? "" : " and ") + plural(others, "choice") + " away from the ordinary run";
    return text;
}

std::string deviation_text(const sim::Deviation& deviation) {
    const sim::Question& question = deviation.question;
    switch (question.kind) {
        case sim::ChoiceKind::arrival:
            if (question.set == kOwnChoice)
                return fmt::format("choose() number {} of the run gives {}", question.nth + 1, deviation.answer);
            return fmt::format("answer {} from outside comes {} later", question.owner + 1,
                               plural(deviation.answer, "iteration"));
        case sim::ChoiceKind::elapse:
            return fmt::format("iteration {}: {}", question.at, answer_words(question.kind, 1));
        case sim::ChoiceKind::inject:
        case sim::ChoiceKind::set_order:
        case sim::ChoiceKind::timer_order:
        case sim::ChoiceKind::ready_order: break;
    }
    return answer_words(question.kind, deviation.answer);
}

std::string headline(const ProgramFound& found) {
    const ProgramAccount& account = found.account;
    const std::string what = fmt::format("{} at {}", found.failure.contract, account.place);
    const std::string where = account.site ? ", " + place_text(*account.site) : "";
    if (found.accepted) return fmt::format("accepted {}{}", what, where);
    if (account.about == About::program) return yellow("program") + " " + what + where;
    switch (found.label) {
        case Label::news: return red("broken") + " " + what + where;
        case Label::known: return fmt::format("known {} ({}{})", account.finding->id, what, where);
        case Label::also_upstream: return fmt::format("also upstream: {}{}", what, where);
    }
    return {};
}

std::string details_of(const ProgramFound& found) {
    std::string text;
    for (const std::string& line : wrapped(found.account.happened, columns_of_output() - 4, ""))
        text += "    " + line + "\n";
    text += "    In " + schedule_text(found.failure.schedule) +
            ". To accept it: " + Accepted::line_of(found.failure, found.account) + "\n";
    return text + "    " + replay_command(found.failure) + "\n";
}

std::vector<Await> not_interrupted(const Coverage& coverage) {
    std::vector<Await> left;
    for (const Await& await : coverage.awaits())
        if (!coverage.was_interrupted(await)) left.push_back(await);
    return left;
}

std::string coverage_text(const ProgramResult& result) {
    const std::size_t all = result.coverage.awaits().size();
    const auto left = not_interrupted(result.coverage);
    std::string text = fmt::format("{} of {} awaits of your program were interrupted", all - left.size(), all);
    std::vector<std::string> never;
    std::vector<std::string> parked;
    for (const Await& await : left)
        (result.coverage.was_parked(await) ? parked : never)
            .push_back(fmt::format("{}:{} ({})", file_name(result.program), await.line, await.function));
    if (!parked.empty()) text += fmt::format("\n  never while a task waited there: {}", fmt::join(parked, ", "));
    if (!never.empty()) text += fmt::format("\n  no task ever waited there: {}", fmt::join(never, ", "));
    return text + "\n";
}

Json site_json(const std::optional<PythonPlace>& site) {
    if (!site) return nullptr;
    return {{"file", site->file}, {"line", site->line}, {"function", site->function}, {"source", site->source}};
}

Json awaits_json(const std::vector<Await>& awaits) {
    Json json = Json::array();
    for (const Await& await : awaits) json.push_back({{"line", await.line}, {"function", await.function}});
    return json;
}

Json choices_json(const sim::Schedule& schedule) {
    Json json = Json::array();
    for (const sim::Deviation& deviation : schedule.deviations) {
        Json choice{{kKindKey, name_of(deviation.question.kind)}};
        if (deviation.question.kind == sim::ChoiceKind::arrival && deviation.question.set == kOwnChoice)
            choice["choose"] = deviation.question.nth;
        else
            for (const QuestionNumber& each : numbers_of(deviation.question.kind))
                choice[std::string(each.key)] = each.get(deviation.question);
        choice[std::string(kAnswerKey)] = deviation.answer;
        json.push_back(std::move(choice));
    }
    return json;
}

Json to_json(const ProgramFailure& failure, const ProgramAccount& account) {
    return {{"contract", failure.contract},
            {"place", account.place},
            {"site", site_json(account.site)},
            {"about", name_of(account.about)},
            {"promised", account.promise},
            {"happened", account.happened},
            {"iteration", account.iteration},
            {"time", static_cast<double>(account.time) / 1e9},
            {"injections", injections_of(failure.schedule)},
            {"choices", choices_json(failure.schedule)},
            {"digest", digest_text(account.digest)},
            {"token", to_token(failure)}};
}

Json to_json(const PythonProgram& program, const Subject& config) {
    Json json{{"program", program.path}, {"function", program.function}};
    json.update(config_json(config));
    return json;
}

std::string row_text(const ProgramRow& row) {
    const std::string moment = fmt::format("{:>5}  {:>12}  ", row.iteration, seconds_text(row.time));
    switch (row.kind) {
        case ProgramRow::Kind::event: return moment + row.who + " " + row.text;
        case ProgramRow::Kind::outside: return moment + yellow(row.who + " " + row.text);
        case ProgramRow::Kind::broken: return moment + red(row.text);
        case ProgramRow::Kind::end: return moment + row.text;
    }
    return {};
}

std::string row_or_nothing(const ProgramStory& story, std::size_t index) {
    return index < story.rows.size() ? row_text(story.rows[index]) : std::string("nothing more");
}

Json row_json(const ProgramRow& row) {
    constexpr std::string_view kKinds[] = {"event", "outside", "broken", "end"};
    return {{"iteration", row.iteration},
            {"time", static_cast<double>(row.time) / 1e9},
            {"kind", kKinds[static_cast<std::size_t>(row.kind)]},
            {"who", row.who},
            {"text", row.text}};
}

}  // namespace

std::string replay_command(const ProgramFailure& failure) { return replay_command(to_token(failure), failure.config); }

std::string program_text(const ProgramResult& result, bool all) {
    std::string text;
    std::string known;
    for (const ProgramFound& found : result.found) {
        if (!all && verdict_of(found) == CaseVerdict::known)
            known += headline(found) + "\n";
        else
            text += headline(found) + "\n" + details_of(found);
    }
    text += known;
    text += fmt::format("{}: {}, {} on {} in {:.1f} s\n", program_name(result.program),
                        verdict_of(result) == CaseVerdict::kept    ? green("kept")
                        : verdict_of(result) == CaseVerdict::known ? green("kept, but for what is known")
                                                                   : red("broken"),
                        plural(result.schedules, "schedule"), library_text(*result.config.library), result.seconds);
    if (result.cut_short != 0)
        text += fmt::format("{} of them had not ended after as many iterations as a run may have, and were cut short\n",
                            count_text(result.cut_short));
    if (result.lost != 0) text += fmt::format("{} of them gave no answer\n", count_text(result.lost));
    return text + coverage_text(result);
}

std::string program_json(const ProgramResult& result) {
    Json failures = Json::array();
    for (const ProgramFound& found : result.found) {
        Json failure = to_json(found.failure, found.account);
        failure["label"] = name_of(found.label);
        failure["verdict"] = name_of(verdict_of(found));
        failure["accepted"] = found.accepted;
        failure["accept"] = Accepted::line_of(found.failure, found.account);
        failure["finding"] =
            found.account.finding != nullptr && found.label == Label::known ? Json(found.account.finding->id) : Json();
        failures.push_back(std::move(failure));
    }
    Json json = to_json(result.program, result.config);
    json.update({{"verdict", name_of(verdict_of(result))},
                 {"schedules", result.schedules},
                 {"seconds", result.seconds},
                 {"cut_short", result.cut_short},
                 {"lost", result.lost},
                 {"failures", std::move(failures)},
                 {"awaits", result.coverage.awaits().size()},
                 {"not_interrupted", awaits_json(not_interrupted(result.coverage))}});
    return json_line(json);
}

std::string difference_text(const ProgramResult& here, const ProgramResult& there) {
    std::string text;
    const auto only = [&](const ProgramResult& one, const ProgramResult& other) {
        for (const ProgramFound* found : not_in(one, other))
            text += fmt::format("only on {}: {}\n", library_text(*one.config.library), headline(*found));
    };
    only(here, there);
    only(there, here);
    return text.empty() ? "what breaks is the same on both\n" : text;
}

std::string difference_json(const ProgramResult& here, const ProgramResult& there) {
    const auto list = [](const std::vector<const ProgramFound*>& all) {
        Json json = Json::array();
        for (const ProgramFound* found : all) json.push_back(to_json(found->failure, found->account));
        return json;
    };
    return json_line({{"only_on", list(not_in(here, there))}, {"only_against", list(not_in(there, here))}});
}

std::string failure_text(const ProgramFailure& failure, const ProgramAccount& account) {
    std::string text = fmt::format("{} {}\n", red(failure.contract), bold("at: " + account.place));
    if (account.site) text += field_text("where", place_text(*account.site));
    text += field_text("library", library_text(*failure.config.library));
    text += field_text("promised", account.promise);
    text += field_text("happened", account.happened);
    text += fmt::format("  when      iteration {}, {}\n", account.iteration, seconds_text(account.time));
    text += field_text("program", program_name(failure.program));
    text += field_text("schedule", schedule_text(failure.schedule));
    for (const sim::Deviation& deviation : failure.schedule.deviations)
        if (deviation.question.kind != sim::ChoiceKind::inject)
            text += field_text("", "by choice: " + deviation_text(deviation));
    if (account.finding != nullptr)
        text += field_text("known", fmt::format("{}: {}", account.finding->id, account.finding->title));
    return text;
}

std::string account_json(const ProgramFailure& failure, const ProgramAccount& account) {
    Json json = to_json(failure.program, failure.config);
    json.update(to_json(failure, account));
    return json_line(json);
}

std::string explanation_text(const ProgramFailure& failure, const ProgramExplanation& explanation) {
    std::string text = failure_text(failure, explanation.account) + "\n";
    text += dim("iter.  time") + "\n";
    for (const ProgramRow& row : explanation.story.rows) text += row_text(row) + "\n";
    text += "\n" + bold("What made the difference") + "\n";
    if (explanation.nearest.empty())
        text += failure.schedule.deviations.empty() ? "  Nothing: the ordinary run breaks it.\n"
                                                    : "  Without the last choice it breaks too.\n";
    for (const ProgramNeighbour& nearest : explanation.nearest) {
        text += fmt::format("  The same run {} keeps the promise. They part here:\n", nearest.change);
        text += "    here   " + row_or_nothing(explanation.story, nearest.shared) + "\n";
        text += "    there  " + row_or_nothing(nearest.story, nearest.shared) + "\n";
    }
    return text + bold(replay_command(failure)) + "\n";
}

std::string explanation_json(const ProgramFailure& failure, const ProgramExplanation& explanation) {
    Json json = to_json(failure.program, failure.config);
    json.update(to_json(failure, explanation.account));
    json["rows"] = Json::array();
    for (const ProgramRow& row : explanation.story.rows) json["rows"].push_back(row_json(row));
    json["nearest"] = nullptr;
    for (const ProgramNeighbour& nearest : explanation.nearest) {
        Json rows = Json::array();
        for (const ProgramRow& row : nearest.story.rows) rows.push_back(row_json(row));
        json["nearest"] = Json{{"change", nearest.change}, {"shared_rows", nearest.shared}, {"rows", std::move(rows)}};
    }
    return json_line(json);
}

}  // namespace cancelsim::properties
