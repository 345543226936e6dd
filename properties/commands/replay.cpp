#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/commands/programs/run_program.h"
#include "properties/failure/choice_words.h"
#include "properties/failure/input.h"
#include "properties/failure/label.h"
#include "properties/report/report.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

struct ReplayCommand {
    std::vector<std::string> what;
    SubjectOptions config;
    bool json = false;
};

/// What it is beside the release itself.
Labelled label_of(const Failure& failure, const Account& account) {
    if (!account.broken) return {};
    return Labeller().label(failure, account.place, release_of(failure.config));
}

int exit_code_of(const Account& account, const Labelled& labelled) {
    const bool counts = account.about == About::program || labelled.label == Label::news;
    return account.broken && counts ? kBroken : kHolds;
}

int replay_exactly(const Failure& failure, const ReplayCommand& command) {
    const Account account = exact_account_of(failure);
    const Labelled labelled = label_of(failure, account);
    fmt::print(
        "{}", command.json ? account_json(failure, account, labelled) + "\n" : replay_text(failure, account, labelled));
    return exit_code_of(account, labelled);
}

/// The same program under the same choices, run by something else.
int replay_under(const Failure& failure, const ReplayCommand& command) {
    Failure other = failure;
    other.config = command.config.subject(failure.config);
    // The library that it was found on, and where that is.
    if (failure.config.library && same_subject(other.config, failure.config)) return replay_exactly(other, command);
    const Account account = account_of(other);
    other.digest = account.digest;
    const std::string_view verdict = account.broken ? "still broken" : "kept";
    const Labelled labelled = label_of(other, account);
    if (command.json) {
        auto json = nlohmann::ordered_json::parse(account_json(other, account, labelled));
        json["verdict"] = verdict;
        json["not_arisen"] = nlohmann::ordered_json::array();
        for (const sim::Deviation& deviation : account.not_arisen)
            json["not_arisen"].push_back(nlohmann::ordered_json::parse(deviation_json(other.program, deviation)));
        fmt::print("{}\n", json_line(json));
    } else {
        fmt::print("{}: {} under {}\n", verdict, failure.contract, config_text(other.config));
        if (failure.config.library || other.config.library) fmt::print("  found on: {}\n", config_text(failure.config));
        for (const sim::Deviation& deviation : account.not_arisen)
            fmt::print("  did not arise: {}\n", question_words(other.program, deviation.question));
        if (account.broken) fmt::print("\n{}", replay_text(other, account, labelled));
    }
    return exit_code_of(account, labelled);
}

int replay(const ReplayCommand& command) {
    if (const auto of_program = load_program_failure(joined_words(command.what)))
        return replay_program(*of_program, command.config, command.json);
    const Failure failure = load_failure(joined_words(command.what));
    if (!command.config.empty()) return replay_under(failure, command);
    return replay_exactly(failure, command);
}

}  // namespace

Command replay_command() {
    auto options = std::make_shared<ReplayCommand>();
    Command command{.name = "replay",
                    .summary =
                        "Run a failure again, exactly, and show what happened; or, under another release, policy, "
                        "Python or switch, or on a library, whether it still happens",
                    .options = options->config.options(false),
                    .run = [options] { return replay(*options); },
                    .broken = "its contract is broken, which is no known finding"};
    command.options.insert(command.options.end(), {failure_option(options->what), json_option(options->json)});
    return command;
}

}  // namespace cancelsim::properties
