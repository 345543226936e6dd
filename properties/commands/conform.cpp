#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/report/corpora_text.h"

namespace cancelsim::properties {

namespace {

struct ConformCommand {
    std::string directory;
    bool json = false;
};

int conform(const ConformCommand& command) {
    const auto results = compare_corpora(command.directory);
    if (command.json) {
        for (const CorpusResult& result : results)
            fmt::print(
                "{}\n",
                nlohmann::ordered_json{{"file", result.file}, {"cases", result.cases}, {"equal", result.equal}}.dump());
    } else {
        fmt::print("{}", corpora_text(results));
    }
    const bool all = std::all_of(results.begin(), results.end(),
                                 [](const CorpusResult& result) { return result.equal == result.cases; });
    return all ? kHolds : kBroken;
}

}  // namespace

void add_conform(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("conform", "Compare the model's traces with those recorded from the real anyio");
    auto options = std::make_shared<ConformCommand>();
    options->directory = CANCELSIM_SOURCE_DIR "/scenarios/recorded";
    command->add_option("DIR", options->directory, "a folder of recorded corpora; default: the project's own");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&chosen, options] { chosen = [options] { return conform(*options); }; });
}

}  // namespace cancelsim::properties
