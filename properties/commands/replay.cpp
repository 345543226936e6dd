#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "properties/commands/command.h"
#include "properties/failure/input.h"
#include "properties/report/report.h"

namespace cancelsim::properties {

namespace {

struct ReplayCommand {
    std::string what;
    bool json = false;
};

int replay(const ReplayCommand& command) {
    const Failure failure = load_failure(command.what);
    const Account account = exact_account_of(failure);
    fmt::print("{}", command.json ? account_json(failure, account) + "\n" : replay_text(failure, account));
    return kBroken;
}

}  // namespace

void add_replay(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("replay", "Run a failure again, exactly, and show what happened");
    auto options = std::make_shared<ReplayCommand>();
    command->add_option("TOKEN|FILE", options->what, "what a hunt printed, or saved")->required();
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&chosen, options] { chosen = [options] { return replay(*options); }; });
}

}  // namespace cancelsim::properties
