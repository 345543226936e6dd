#include "properties/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "properties/columns.h"
#include "properties/commands/config_options.h"
#include "properties/known.h"
#include "properties/story.h"
#include "properties/terminal.h"
#include "scenarios/case_json.h"
#include "scenarios/case_text.h"

namespace cancelsim::properties {

namespace {

/// What `failure_text` prints; `more` are further lines after what is known of the run.
std::string text_of(const Failure& failure, const Account& account, const std::string& more) {
    const std::size_t statements = failure.program.statements.size();
    const std::size_t deviations = failure.schedule.deviations.size();
    std::string text = fmt::format("{} {}\n", red(failure.contract), bold("at: " + account.place));
    text += fmt::format("  kernel    {}\n", config_text(failure.config));
    text += fmt::format("  promised  {}\n", account.promise);
    text += fmt::format("  happened  {}\n", account.happened);
    text += fmt::format("  when      iteration {}, time {}\n", account.iteration, account.time);
    text += more;
    text += fmt::format("  program   {} statement{}, {}\n", statements, statements == 1 ? "" : "s",
                        deviations == 0 ? std::string("in the ordinary order")
                                        : fmt::format("{} choice{} away from the ordinary order", deviations,
                                                      deviations == 1 ? "" : "s"));
    return text + scenarios::program_text(failure.program, 6);
}

}  // namespace

Account account_of(const Failure& failure) {
    Runner runner(contracts_of(failure));
    sim::Replay replay(failure.schedule);
    const auto& broken = runner.run_traced(failure.program, failure.config, &replay);
    Account account;
    account.digest = runner.digest();
    account.trace = runner.trace();
    const Contract& contract = *runner.contracts().front();
    account.promise = contract.promise();
    if (broken.empty()) return account;
    account.broken = true;
    account.place = contract.place();
    account.happened = contract.what_happened();
    account.iteration = contract.broken_at_iteration();
    account.time = contract.broken_at_time();
    return account;
}

Account exact_account_of(const Failure& failure) {
    Account account = account_of(failure);
    if (account_of(failure).digest != account.digest)
        throw NondeterminismError("this run gave two digests in a row: the contract `determinism` is broken");
    if (account.digest != failure.digest)
        throw FailureError(fmt::format("stale: this version runs it as {}, and it was {}: the model has changed since",
                                       digest_text(account.digest), digest_text(failure.digest)));
    if (!account.broken)
        throw FailureError(
            fmt::format("stale: `{}` holds in this version, with the same trace: the contract has changed since",
                        failure.contract));
    return account;
}

std::string replay_command(const Failure& failure) { return "./cancelsim replay " + to_token(failure); }

std::string failure_text(const Failure& failure, const Account& account) {
    return text_of(failure, account, fmt::format("  digest    {}\n", digest_text(account.digest)));
}

std::string account_json(const Failure& failure, const Account& account) {
    return nlohmann::ordered_json{{"contract", failure.contract},
                                  {"place", account.place},
                                  {"kernel", failure.config.version->name},
                                  {"policy", failure.config.policy->name},
                                  {"python", failure.config.python->name},
                                  {"promised", account.promise},
                                  {"happened", account.happened},
                                  {"iteration", account.iteration},
                                  {"time", account.time},
                                  {"digest", digest_text(account.digest)},
                                  {"token", to_token(failure)},
                                  {"trace", nlohmann::ordered_json::parse(account.trace)["trace"]}}
        .dump();
}

std::string replay_text(const Failure& failure, const Account& account) {
    return failure_text(failure, account) + "\n" + columns_text(tell(failure));
}

std::size_t count_news(const std::vector<Found>& found) {
    return static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](const Found& one) {
        return known_finding(one.failure.config, one.failure.contract, one.place) == nullptr;
    }));
}

std::string summary_text(const HuntOptions& options, const HuntResult& result) {
    const std::size_t news = count_news(result.found);
    const std::size_t known = result.found.size() - news;
    const double rate = static_cast<double>(result.schedules) / std::max(result.seconds, 1e-3);
    std::string text = news == 0 ? green("nothing broken") : red(fmt::format("{} broken", news));
    if (known != 0) text += fmt::format(", {} known", known);
    text += fmt::format(": {} schedules of {} in {:.1f} s ({:.0f}/s), seed {}\n", result.schedules,
                        config_text(options.config), result.seconds, rate, options.seed);
    if (news != 0 || result.schedules == 0) return text;
    return text +
           dim(fmt::format("With 95 % confidence, fewer than {:.2g} of such schedules break a contract otherwise "
                           "(rule of three).",
                           3.0 / static_cast<double>(result.schedules))) +
           "\n";
}

std::string found_text(const Found& found, const std::string& file) {
    const Failure& failure = found.failure;
    std::string text = text_of(failure, account_of(failure),
                               fmt::format("  found     in schedule {} of the hunt, with {} statements\n",
                                           found.schedule + 1, found.statements_found));
    if (const Finding* known = known_finding(failure.config, failure.contract, found.place))
        text += fmt::format("  {}  {}: {}\n", yellow("known"), known->title, known->explanation);
    if (!file.empty()) text += fmt::format("  saved     {}\n", file);
    return text + bold(replay_command(failure)) + "\n";
}

std::string found_json(const Found& found, const std::string& file) {
    const Failure& failure = found.failure;
    const Account account = account_of(failure);
    nlohmann::ordered_json json{
        {"contract", failure.contract},
        {"place", found.place},
        {"kernel", failure.config.version->name},
        {"policy", failure.config.policy->name},
        {"python", failure.config.python->name},
        {"token", to_token(failure)},
        {"statements", failure.program.statements.size()},
        {"deviations", failure.schedule.deviations.size()},
        {"schedules", found.schedule + 1},
        {"shrink", {{"statements", found.statements_found}, {"seconds", found.shrink_seconds}}},
        {"happened", account.happened},
        {"iteration", account.iteration},
        {"time", account.time},
        {"digest", digest_text(failure.digest)},
    };
    const Finding* known = known_finding(failure.config, failure.contract, found.place);
    json["known"] = known == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(known->title);
    json["case"] = nlohmann::ordered_json::parse(scenarios::to_json(failure.program));
    if (!file.empty()) json["file"] = file;
    return json.dump();
}

}  // namespace cancelsim::properties
