#include "properties/report/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>
#include <vector>

#include "properties/failure/known.h"
#include "properties/report/merged.h"
#include "properties/report/terminal.h"
#include "properties/report/timeline/columns.h"
#include "properties/report/timeline/story.h"
#include "properties/report/wrap.h"
#include "properties/subject/config_names.h"
#include "properties/subject/json_line.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::properties {

namespace {

/// What `failure_text` prints; `more` are further lines after what is known of the run.
std::string text_of(const Failure& failure, const Account& account, const std::string& more) {
    const std::size_t statements = failure.program.statements.size();
    const std::size_t deviations = failure.schedule.deviations.size();
    std::string text = fmt::format("{} {}\n", red(failure.contract), bold("at: " + account.place));
    text += fmt::format("  kernel    {}\n", config_text(failure.config));
    text += field_text("promised", account.promise);
    text += field_text("happened", account.happened);
    if (const auto note = upstream_note(failure.config, failure.contract, account.place); !note.empty())
        text += field_text("upstream", std::string(note));
    text += fmt::format("  when      iteration {}, time {}\n", account.iteration, account.time);
    text += more;
    text += fmt::format("  program   {} statement{}, {}\n", statements, statements == 1 ? "" : "s",
                        deviations == 0 ? std::string("in the ordinary order")
                                        : fmt::format("{} choice{} away from the ordinary order", deviations,
                                                      deviations == 1 ? "" : "s"));
    return text + scenarios::python_functions(failure.program, 6);
}

/// `new`, and whose cause it has all the same.
std::string label_words(const Labelled& labelled) {
    std::string words(name_of(labelled.label));
    if (labelled.label == Label::news && labelled.finding != nullptr)
        words += fmt::format(": the cause is that of {}, but what it is compared with keeps the promise here",
                             labelled.finding->id);
    return words;
}

/// The numbers of all: what is new and has no known cause, what is new otherwise, and the rest.
std::vector<std::size_t> strangest_first(const std::vector<Found>& found) {
    std::vector<std::size_t> order(found.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
        const auto rank = [&](std::size_t i) {
            return std::pair(found[i].labelled.label != Label::news, found[i].labelled.finding != nullptr);
        };
        return rank(one) < rank(other);
    });
    return order;
}

std::string known_field(const Finding& finding) {
    return field_text("known", fmt::format("{}: {}", yellow(finding.title), finding.explanation));
}

nlohmann::ordered_json finding_json(const Finding* finding) {
    return finding == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(finding->id);
}

nlohmann::ordered_json known_json(const Finding* finding) {
    return finding == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(finding->title);
}

/// `word` as a shell reads it back.
std::string shell_word(const std::string& word) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@~";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
    std::string quoted = "'";
    for (const char each : word) quoted += each == '\'' ? std::string("'\\''") : std::string(1, each);
    return quoted + "'";
}

/// How much a hunt has seen of what there is.
std::string seen_text(const std::string& what, const DistinctCounter& counter) {
    const double distinct = std::min(counter.distinct(), static_cast<double>(counter.seen()));  // an estimate
    return fmt::format("{}: {}{}; of further ones {:.3g} % would be new", what,
                       counter.distinct() > DistinctCounter::kKept ? "about " : "",
                       count_text(static_cast<std::uint64_t>(std::llround(distinct))), 100 * counter.rate_of_new());
}

/// With fewer schedules there is no bound worth a word.
constexpr std::uint64_t kFewestForBound = 30;

/// What breaks in a share p of all schedules stays hidden in n of them with probability (1 - p)^n < e^-pn: below 5 %
/// where p is larger than this. (Nearly 3 / n: the rule of three.)
double bound_of(std::uint64_t schedules) { return std::log(20.0) / static_cast<double>(schedules); }

std::string bound_text(std::uint64_t schedules, bool some_known) {
    if (schedules < kFewestForBound) return "So few schedules bound nothing.";
    return fmt::format(
        "If more than 1 in {} such schedules broke a contract{}, this hunt would have shown it with a probability of "
        "95 % (rule of three).",
        count_text(static_cast<std::uint64_t>(1 / bound_of(schedules))),
        some_known ? " in a way that is not known" : "");
}

}  // namespace

std::string count_text(std::uint64_t count) {
    std::string text = std::to_string(count);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string field_text(std::string_view name, const std::string& text) {
    const std::string indent(12, ' ');
    return fmt::format("  {:<8}  {}\n", name,
                       fmt::join(wrapped(text, columns_of_output() - indent.size(), ""), "\n" + indent));
}

std::string replay_command(const Failure& failure) { return replay_command(to_token(failure), failure.config); }

std::string replay_command(const std::string& token, const Subject& config) {
    std::string command = "./cancelsim replay " + token;
    if (!config.library || !config.library->launch) return command;
    const Launch& launch = *config.library->launch;
    command += " --on " + shell_word(launch.interpreter);
    for (const std::string& patch : launch.patches) command += " --patch " + shell_word(patch);
    return command;
}

std::string failure_text(const Failure& failure, const Account& account, const Labelled& labelled) {
    std::string more = fmt::format("  label     {}\n", label_words(labelled));
    if (labelled.known() != nullptr) more += known_field(*labelled.known());
    return text_of(failure, account, more + fmt::format("  digest    {}\n", digest_text(account.digest)));
}

std::string account_json(const Failure& failure, const Account& account, const Labelled& labelled) {
    nlohmann::ordered_json json{{"contract", failure.contract}, {"place", account.place}};
    json["label"] = name_of(labelled.label);
    json["finding"] = finding_json(labelled.finding);
    json["known"] = known_json(labelled.known());
    json.update(config_json(failure.config));
    json.update({{"promised", account.promise},
                 {"happened", account.happened},
                 {"iteration", account.iteration},
                 {"time", account.time},
                 {"digest", digest_text(account.digest)},
                 {"token", to_token(failure)},
                 {"trace", nlohmann::ordered_json::parse(account.trace)["trace"]}});
    return json_line(json);
}

std::string replay_text(const Failure& failure, const Account& account, const Labelled& labelled) {
    if (failure.config.library) return failure_text(failure, account, labelled);
    return failure_text(failure, account, labelled) + "\n" + columns_text(tell(failure));
}

std::size_t count_news(const std::vector<Found>& found) {
    return static_cast<std::size_t>(
        std::count_if(found.begin(), found.end(), [](const Found& one) { return one.labelled.label == Label::news; }));
}

std::string summary_text(const HuntOptions& options, const HuntResult& result) {
    const std::size_t news = count_news(result.found);
    const std::size_t known = result.found.size() - news;
    const double rate = static_cast<double>(result.schedules) / std::max(result.seconds, 1e-3);
    std::string text = news == 0 ? green("nothing broken") : red(fmt::format("{} broken", news));
    if (known != 0) text += fmt::format(", {} known", known);
    const std::uint64_t schedules = result.earlier + result.schedules;
    text += fmt::format(": {} schedules of {} in {:.1f} s ({:.0f}/s), seed {}\n", schedules,
                        config_text(options.config), result.seconds, rate, options.seed);
    if (options.shards > 1) text += dim(fmt::format("shard {} of {}", options.shard, options.shards)) + "\n";
    if (result.lost != 0) text += fmt::format("{} of them gave no answer\n", count_text(result.lost));
    if (result.earlier != 0) text += dim(fmt::format("{} of them had run already\n", count_text(result.earlier)));
    text += dim(seen_text("distinct schedules", result.seen.schedules)) + "\n";
    if (!options.config.library)
        text += dim(seen_text(fmt::format("distinct states, of 1 in {} schedules", kStatesEvery), result.seen.states)) +
                "\n";
    if (news == 0) text += dim(bound_text(schedules, known != 0)) + "\n";
    return text;
}

std::string summary_json(const HuntOptions& options, const HuntResult& result) {
    const std::size_t news = count_news(result.found);
    const auto seen = [](const DistinctCounter& counter) {
        return nlohmann::ordered_json{{"seen", counter.seen()},
                                      {"distinct", std::llround(counter.distinct())},
                                      {"rate_of_new", counter.rate_of_new()}};
    };
    const std::uint64_t schedules = result.earlier + result.schedules;
    nlohmann::ordered_json json{{"schedules", schedules},
                                {"earlier", result.earlier},
                                {"seconds", result.seconds},
                                {"failures", result.found.size()},
                                {"known", result.found.size() - news},
                                {"seed", options.seed},
                                {"distinct_schedules", seen(result.seen.schedules)},
                                {"distinct_states", seen(result.seen.states)}};
    json["bound"] = news == 0 && schedules >= kFewestForBound ? nlohmann::ordered_json(bound_of(schedules))
                                                              : nlohmann::ordered_json();
    if (options.config.library) json["lost"] = result.lost;
    if (options.shards > 1) json["part"] = part_json(options, result);
    return json_line({{"summary", std::move(json)}});
}

std::string found_text(const Found& found, const std::string& file) {
    const Failure& failure = found.failure;
    std::string text = text_of(failure, account_of(failure),
                               fmt::format("  found     in schedule {} of the hunt, with {} statements\n",
                                           found.schedule + 1, found.statements_found));
    const Finding* known = found.labelled.known();
    if (!same_subject(failure.config, release_of(failure.config)))
        text += field_text("label", label_words(found.labelled));
    if (known != nullptr) text += known_field(*known);
    if (!file.empty()) text += fmt::format("  saved     {}\n", file);
    return text + bold(replay_command(failure)) + "\n";
}

std::string hunt_text(const HuntOptions& options, const HuntResult& result, const std::vector<std::string>& files,
                      bool all) {
    constexpr std::size_t kMostInFull = 3;
    std::string text;
    std::string more;
    std::size_t in_full = 0;
    std::map<const Finding*, std::size_t> places;
    std::vector<const Finding*> findings;  // in the order of their first failures
    for (const std::size_t i : strangest_first(result.found)) {
        const Found& found = result.found[i];
        const Failure& failure = found.failure;
        const Label label = found.labelled.label;
        const Finding* known = found.labelled.known();
        if (all || (label == Label::news && in_full++ < kMostInFull))
            text += found_text(found, files[i]) + "\n";
        else if (label == Label::also_upstream)
            more +=
                fmt::format("also upstream: {} at: {}\n{}\n", failure.contract, found.place, replay_command(failure));
        else if (known == nullptr)
            more += fmt::format("{} {}\n{}\n", red(failure.contract), "at: " + found.place, replay_command(failure));
        else if (places[known]++ == 0)
            findings.push_back(known);
    }
    if (!more.empty()) text += more + "\n";
    for (const Finding* finding : findings)
        text += fmt::format("{:<5} {}\n", finding->id,
                            fmt::join(wrapped(fmt::format("{} ({} place{})", finding->title, places[finding],
                                                          places[finding] == 1 ? "" : "s"),
                                              columns_of_output() - 6, ""),
                                      "\n      "));
    if (!findings.empty()) text += dim("known; --all shows these in full") + "\n\n";
    return text + summary_text(options, result);
}

std::string found_json(const Found& found, const std::string& file) {
    const Failure& failure = found.failure;
    const Account account = account_of(failure);
    nlohmann::ordered_json json{{"contract", failure.contract}, {"place", found.place}};
    json.update(config_json(failure.config));
    json.update({
        {"token", to_token(failure)},
        {"statements", failure.program.statements.size()},
        {"deviations", failure.schedule.deviations.size()},
        {"schedules", found.schedule + 1},
        {"shrink", {{"statements", found.statements_found}, {"seconds", found.shrink_seconds}}},
        {"happened", account.happened},
        {"iteration", account.iteration},
        {"time", account.time},
        {"digest", digest_text(failure.digest)},
    });
    json["label"] = name_of(found.labelled.label);
    json["finding"] = finding_json(found.labelled.finding);
    json["known"] = known_json(found.labelled.known());
    const std::string_view note = upstream_note(failure.config, failure.contract, found.place);
    json["upstream"] = note.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(note);
    json["case"] = nlohmann::ordered_json::parse(scenarios::to_json(failure.program));
    if (!file.empty()) json["file"] = file;
    return json_line(json);
}

}  // namespace cancelsim::properties
