#include "properties/report/explain.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "properties/commands/command.h"
#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

struct ExplainCommand {
    std::string what;
    bool json = false;
};

int run_explain(const ExplainCommand& command) {
    const Failure failure = load_failure(command.what);
    const Explanation explanation = explain(failure);
    fmt::print("{}",
               command.json ? explanation_json(failure, explanation) + "\n" : explanation_text(failure, explanation));
    return kBroken;
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "explain", "Tell the story of a failure, and what is different in the nearest run that does not fail");
    auto options = std::make_shared<ExplainCommand>();
    command->add_option("TOKEN|FILE", options->what, "what a hunt printed, or saved")->required();
    command->add_flag("--json", options->json, "one JSON object");
    command->callback([&chosen, options] { chosen = [options] { return run_explain(*options); }; });
}

}  // namespace cancelsim::properties
