#include "properties/report/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/commands/programs/run_program.h"
#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

struct ExplainCommand {
    SubjectOptions config;
    std::vector<std::string> what;
    bool json = false;
};

bool holds_cases(const std::string& name) {
    return name.ends_with(".py") || name.ends_with(".jsonl") || name.ends_with(".zst");
}

int explain_one(const Failure& run, bool json) {
    const ExplainedRun explained = explain_run(run);
    fmt::print("{}", json ? run_json(run, explained) + "\n" : run_text(run, explained));
    const auto counts = [](const BrokenInRun& broken) { return broken.counts(); };
    return std::any_of(explained.broken.begin(), explained.broken.end(), counts) ? kBroken : kHolds;
}

int run_explain(const ExplainCommand& command) {
    const std::string what = joined_words(command.what);
    if (const auto of_program = load_program_failure(what))
        return explain_program(*of_program, command.config, command.json);
    if (!command.config.on.empty()) throw UsageError("--on: only a program's run is told of on a library");
    if (holds_cases(what)) {
        int code = kHolds;
        for (scenarios::Case& program : read_case_file(what))
            code = std::max(code, explain_one({command.config.resolve(), std::move(program), {}, {}}, command.json));
        return code;
    }
    Failure failure = load_failure(what);
    if (!command.config.empty()) {
        failure.config = command.config.resolve(failure.config);
        failure.contract.clear();
        return explain_one(failure, command.json);
    }
    const Explanation explanation = explain(failure);
    fmt::print("{}",
               command.json ? explanation_json(failure, explanation) + "\n" : explanation_text(failure, explanation));
    const bool counts = explanation.account.about == About::program || explanation.labelled.label == Label::news;
    return counts ? kBroken : kHolds;
}

}  // namespace

Command explain_command() {
    auto options = std::make_shared<ExplainCommand>();
    Command command{
        .name = "explain",
        .summary =
            "Tell the story of a run, and who cancelled whom; of a failure also what is different in the "
            "nearest run that does not fail",
        .options = options->config.options(false),
        .run = [options] { return run_explain(*options); },
        .broken = "its contract is broken, which is no known finding",
    };
    command.options.insert(command.options.end(),
                           {{.names = "TOKEN|FILE",
                             .value = Text{&options->what, "FILE"},
                             .help = "a token, or the line of a report that holds it; the file of a saved failure; or "
                                     "cases, .jsonl or .py: each in the ordinary order",
                             .required = true},
                            json_option(options->json, "a case")});
    return command;
}

}  // namespace cancelsim::properties
