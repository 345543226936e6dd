#include "properties/recorded/corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "properties/failure/input.h"
#include "properties/subject/errors.h"
#include "scenarios/program/case_json.h"
#include "scenarios/recorded/conformance.h"
#include "scenarios/run/trace_writer.h"
#include "sim/strategies/reversed.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;

/// Differences that are shown of each file.
constexpr std::size_t kShown = 3;

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

    std::vector<CorpusResult> compare() {
        std::vector<CorpusResult> results;
        for (const std::string& file : files_)
            if (const auto name = scenarios::parse_corpus_name(file)) results.push_back(compare_file(file, *name));
        if (results.empty()) throw UsageError(fmt::format("{}: holds no recorded traces", directory_));
        return results;
    }

private:
    CorpusResult compare_file(const std::string& file, const scenarios::CorpusName& name) {
        const auto& cases = cases_of(name.cases);
        const auto recorded = read_lines(path(file));
        if (recorded.size() != cases.size())
            throw UsageError(
                fmt::format("{}: holds {} traces for {} cases", path(file), recorded.size(), cases.size()));
        CorpusResult result{file, cases.size()};
        std::size_t differ = 0;
        for (std::size_t i = 0; i < cases.size(); ++i) {
            const std::string simulated = trace(cases[i], name);
            if (simulated == recorded[i]) {
                ++result.equal;
            } else if (++differ <= kShown) {
                result.differences += fmt::format("    {}: {}\n", cases[i].name, scenarios::to_json(cases[i]));
                result.differences += scenarios::describe_difference(recorded[i], simulated);
            }
        }
        return result;
    }

    std::string trace(const scenarios::Case& program, const scenarios::CorpusName& name) {
        run_.prepare(program, name.config, name.reversed ? &reversed_ : nullptr);
        run_.watch(writer_);
        run_.run();
        return writer_.finish();
    }

    const std::vector<scenarios::Case>& cases_of(const std::string& name) {
        auto& cases = cases_[name];
        if (!cases.empty()) return cases;
        const bool packed = std::binary_search(files_.begin(), files_.end(), name + ".jsonl.zst");
        return cases = read_case_file(path(name + (packed ? ".jsonl.zst" : ".jsonl")));
    }

    std::string path(const std::string& file) const { return (fs::path(directory_) / file).string(); }

    std::string directory_;
    std::vector<std::string> files_;
    std::map<std::string, std::vector<scenarios::Case>> cases_;
    scenarios::Interpreter run_;
    scenarios::TraceWriter writer_;
    sim::Reversed reversed_;
};

}  // namespace

std::vector<CorpusResult> compare_corpora(const std::string& directory) { return Corpora(directory).compare(); }

}  // namespace cancelsim::properties
