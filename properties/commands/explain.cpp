#include "properties/report/explain.h"

#include <fmt/format.h>

#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

struct ExplainCommand {
    std::vector<std::string> what;
    bool json = false;
};

int run_explain(const ExplainCommand& command) {
    const Failure failure = load_failure(joined_words(command.what));
    const Explanation explanation = explain(failure);
    fmt::print("{}",
               command.json ? explanation_json(failure, explanation) + "\n" : explanation_text(failure, explanation));
    return kBroken;
}

}  // namespace

Command explain_command() {
    auto options = std::make_shared<ExplainCommand>();
    return {
        .name = "explain",
        .summary = "Tell the story of a failure, and what is different in the nearest run that does not fail",
        .options = {failure_option(options->what), json_option(options->json)},
        .run = [options] { return run_explain(*options); },
        .broken = "its contract is broken, known finding or not",
    };
}

}  // namespace cancelsim::properties
