#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
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

Command conform_command() {
    auto options = std::make_shared<ConformCommand>();
    options->directory = project_file("scenarios/recorded");
    return {
        .name = "conform",
        .summary = "Compare the model's traces with those recorded from the real anyio",
        .options = {{.names = "DIR",
                     .value = Text{&options->directory, "DIR"},
                     .help = "a folder of recorded corpora",
                     .preset = "the project's own"},
                    json_option(options->json, "a corpus")},
        .run = [options] { return conform(*options); },
        .broken = "traces that differ",
    };
}

}  // namespace cancelsim::properties
