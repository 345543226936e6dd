#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/failure/input.h"
#include "properties/report/merged.h"
#include "properties/report/report.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

struct MergeCommand {
    std::vector<std::string> paths;
    bool all = false;
    bool json = false;
};

/// Of a folder the files `*.jsonl`, by name.
std::vector<std::string> files_of(const std::vector<std::string>& paths) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            files.push_back(path);
            continue;
        }
        std::vector<std::string> inside;
        for (const auto& entry : fs::directory_iterator(path, error))
            if (entry.path().extension() == ".jsonl") inside.push_back(entry.path().string());
        if (inside.empty()) throw UsageError(fmt::format("{}: it holds no *.jsonl", path));
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

int run_merge(const MergeCommand& command) {
    std::vector<ShardOutput> outputs;
    for (const std::string& file : files_of(command.paths)) outputs.push_back({file, read_lines(file)});
    const Merged whole = merged(outputs);
    fmt::print("{}", command.json ? merged_json(whole) : merged_text(whole, command.all));
    if (!whole.missing.empty()) say_lost(fmt::format("without the shards {}", fmt::join(whole.missing, ", ")));
    return count_news(whole.result.found) == 0 ? kHolds : kBroken;
}

}  // namespace

Command merge_command() {
    auto options = std::make_shared<MergeCommand>();
    return {
        .name = "merge",
        .summary = "Join what the shards of a hunt have printed with --json, as if it had been one run",
        .options = {{.names = "FILE|DIR",
                     .value = Text{&options->paths, "FILE"},
                     .help = "the output of one or more shards; of a folder all *.jsonl",
                     .required = true},
                    {"--all", Flag{&options->all}, "print every failure in full, known findings too"},
                    json_option(options->json, "a failure, and the summary")},
        .run = [options] { return run_merge(*options); },
        .broken = "a contract broken, which is no known finding",
    };
}

}  // namespace cancelsim::properties
