#include "properties/report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "properties/commands/config_options.h"
#include "properties/known.h"
#include "properties/terminal.h"
#include "scenarios/case_json.h"
#include "scenarios/case_text.h"

namespace cancelsim::properties {

Account account_of(const Failure& failure) {
    Contracts contracts;
    try {
        contracts = make_contracts(std::vector{failure.contract});
    } catch (const std::invalid_argument& error) {
        throw FailureError(fmt::format("token: {}", error.what()));
    }
    Runner runner(std::move(contracts));
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

std::string replay_command(const Failure& failure) {
    return "./cancelsim replay " + to_token(failure);
}

std::string found_text(const Found& found) {
    const Failure& failure = found.failure;
    const Account account = account_of(failure);
    const std::size_t statements = failure.program.statements.size();
    const std::size_t deviations = failure.schedule.deviations.size();
    std::string text = fmt::format("{} {}\n", red(failure.contract), bold("at: " + found.place));
    text += fmt::format("  kernel    {}\n", config_text(failure.config));
    text += fmt::format("  promised  {}\n", account.promise);
    text += fmt::format("  happened  {}\n", account.happened);
    text += fmt::format("  when      iteration {}, time {}\n", account.iteration, account.time);
    text += fmt::format("  found     in schedule {} of the hunt, with {} statements\n",
                        found.schedule + 1, found.statements_found);
    text += fmt::format("  program   {} statement{}, {}\n", statements, statements == 1 ? "" : "s",
                        deviations == 0 ? std::string("in the ordinary order")
                                        : fmt::format("{} choice{} away from the ordinary order",
                                                      deviations, deviations == 1 ? "" : "s"));
    text += scenarios::program_text(failure.program, 6);
    if (const KnownFinding* known = known_finding(failure.config, failure.contract, found.place))
        text += fmt::format("  {}  {}: {}\n", yellow("known"), known->title, known->explanation);
    return text + bold(replay_command(failure)) + "\n";
}

std::string found_json(const Found& found) {
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
        {"happened", account.happened},
        {"iteration", account.iteration},
        {"time", account.time},
        {"digest", digest_text(failure.digest)},
    };
    const KnownFinding* known = known_finding(failure.config, failure.contract, found.place);
    json["known"] =
        known == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(known->title);
    json["case"] = nlohmann::ordered_json::parse(scenarios::to_json(failure.program));
    return json.dump();
}

}  // namespace cancelsim::properties
