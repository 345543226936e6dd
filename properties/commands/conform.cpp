#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/commands/input.h"
#include "properties/terminal.h"
#include "scenarios/case_json.h"
#include "scenarios/conformance.h"
#include "scenarios/trace_writer.h"
#include "sim/strategies/reversed.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

/// Differences that are shown of each file.
constexpr std::size_t kShown = 3;

struct ConformCommand {
    std::string directory;
    bool json = false;
};

struct FileResult {
    std::string file;
    std::size_t cases = 0;
    std::size_t equal = 0;
    std::string differences;  ///< of the first few that differ
};

/// The corpora of one directory; the cases of each are read once.
class Corpora {
public:
    explicit Corpora(std::string directory) : directory_(std::move(directory)), writer_(run_) {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(directory_, error))
            files_.push_back(entry.path().filename().string());
        if (error) throw UsageError(fmt::format("{}: {}", directory_, error.message()));
        std::sort(files_.begin(), files_.end());
    }

    std::vector<FileResult> compare() {
        std::vector<FileResult> results;
        for (const std::string& file : files_)
            if (const auto name = scenarios::parse_corpus_name(file))
                results.push_back(compare_file(file, *name));
        if (results.empty())
            throw UsageError(fmt::format("{}: holds no recorded traces", directory_));
        return results;
    }

private:
    FileResult compare_file(const std::string& file, const scenarios::CorpusName& name) {
        const auto& cases = cases_of(name.cases);
        const auto recorded = read_lines(path(file));
        if (recorded.size() != cases.size())
            throw UsageError(fmt::format("{}: holds {} traces for {} cases", path(file),
                                         recorded.size(), cases.size()));
        FileResult result{file, cases.size()};
        std::size_t differ = 0;
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const std::string simulated = trace(cases[i], name);
            if (simulated == recorded[i]) {
                ++result.equal;
            } else if (++differ <= kShown) {
                result.differences +=
                    fmt::format("    {}: {}\n", cases[i].name, scenarios::to_json(cases[i]));
                result.differences += scenarios::describe_difference(recorded[i], simulated);
            }
        }
        return result;
    }

    std::string trace(const scenarios::Case& program, const scenarios::CorpusName& name) {
        run_.prepare(program, name.config, name.reversed ? &reversed_ : nullptr);
        run_.watch(&writer_, scenarios::TraceWriter::wanted());
        run_.run();
        return writer_.finish();
    }

    const std::vector<scenarios::Case>& cases_of(const std::string& name) {
        auto& cases = cases_[name];
        if (!cases.empty()) return cases;
        const bool packed = std::binary_search(files_.begin(), files_.end(), name + ".jsonl.zst");
        return cases = read_case_file(path(name + (packed ? ".jsonl.zst" : ".jsonl")));
    }

    std::string path(const std::string& file) const {
        return (fs::path(directory_) / file).string();
    }

    std::string directory_;
    std::vector<std::string> files_;
    std::map<std::string, std::vector<scenarios::Case>> cases_;
    scenarios::Interpreter run_;
    scenarios::TraceWriter writer_;
    sim::Reversed reversed_;
};

void print(const std::vector<FileResult>& results) {
    std::size_t width = 0;
    for (const FileResult& result : results) width = std::max(width, result.file.size());
    std::size_t cases = 0;
    std::size_t equal = 0;
    for (const FileResult& result : results) {
        cases += result.cases;
        equal += result.equal;
        const std::string count = fmt::format("{:>5} of {:>5} equal", result.equal, result.cases);
        fmt::print("{:<{}}  {}\n{}", result.file, width,
                   result.equal == result.cases ? green(count) : red(count), result.differences);
    }
    fmt::print("{} of {} traces equal to the real library's\n", equal, cases);
}

int conform(const ConformCommand& command) {
    const auto results = Corpora(command.directory).compare();
    if (command.json) {
        for (const FileResult& result : results)
            fmt::print("{}\n",
                       nlohmann::ordered_json{
                           {"file", result.file}, {"cases", result.cases}, {"equal", result.equal}}
                           .dump());
    } else {
        print(results);
    }
    const bool all = std::all_of(results.begin(), results.end(), [](const FileResult& result) {
        return result.equal == result.cases;
    });
    return all ? kHolds : kBroken;
}

}  // namespace

void add_conform(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "conform", "Compare the model's traces with those recorded from the real anyio");
    auto options = std::make_shared<ConformCommand>();
    options->directory = CANCELSIM_SOURCE_DIR "/scenarios/conformance";
    command->add_option("DIR", options->directory,
                        "a folder of recorded corpora; default: the project's own");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&chosen, options] { chosen = [options] { return conform(*options); }; });
}

}  // namespace cancelsim::properties
