#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/report.h"
#include "properties/terminal.h"
#include "properties/timeline.h"
#include "scenarios/case_text.h"

namespace cancelsim::properties {

namespace {

struct ReplayCommand {
    std::string token;
    bool json = false;
};

void print(const Failure& failure, const Account& account) {
    fmt::print("{} {}\n", red(failure.contract), bold("at: " + account.place));
    fmt::print(
        "  kernel    {}\n  promised  {}\n  happened  {}\n  when      iteration {}, time {}\n  "
        "digest    {}\n\n",
        config_text(failure.config), account.promise, account.happened, account.iteration,
        account.time, digest_text(account.digest));
    fmt::print("{}\n{}", scenarios::program_text(failure.program, 2),
               timeline(failure.program, account.trace));
}

int replay(const ReplayCommand& command) {
    const Failure failure = from_token(command.token);
    const Account account = account_of(failure);
    if (account_of(failure).digest != account.digest)
        throw NondeterminismError(
            "this run gave two digests in a row: the contract `determinism` is broken");
    if (account.digest != failure.digest)
        throw FailureError(fmt::format(
            "stale: this version runs it as {}, the token says {}: the model has changed since",
            digest_text(account.digest), digest_text(failure.digest)));
    if (!account.broken)
        throw FailureError(
            fmt::format("stale: `{}` holds in this version, with the same trace: the contract has "
                        "changed since",
                        failure.contract));
    if (command.json)
        fmt::print(
            "{}\n",
            nlohmann::ordered_json{{"contract", failure.contract},
                                   {"place", account.place},
                                   {"happened", account.happened},
                                   {"iteration", account.iteration},
                                   {"time", account.time},
                                   {"digest", digest_text(account.digest)},
                                   {"trace", nlohmann::ordered_json::parse(account.trace)["trace"]}}
                .dump());
    else
        print(failure, account);
    return kBroken;
}

}  // namespace

void add_replay(CLI::App& app, Chosen& chosen) {
    auto* command =
        app.add_subcommand("replay", "Run a failure again, exactly, and print its timeline");
    auto options = std::make_shared<ReplayCommand>();
    command->add_option("TOKEN", options->token, "what a hunt printed")->required();
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&chosen, options] { chosen = [options] { return replay(*options); }; });
}

}  // namespace cancelsim::properties
