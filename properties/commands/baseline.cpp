#include "properties/recorded/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/report/report.h"
#include "properties/search/parallel.h"

namespace cancelsim::properties {

namespace {

/// Twelve blocks of each of 88 settings: a million runs.
constexpr std::uint64_t kBlocksEach = 12;

struct BaselineCommand {
    std::string file = project_file("properties/recorded/baseline.tsv");
    std::string write;
    std::uint64_t every = 1;
    std::optional<std::uint64_t> row;
    unsigned jobs = 1;
};

std::vector<BaselineHashes> hashes_of(const std::vector<BaselineBlock>& blocks, unsigned jobs) {
    std::vector<BaselineHashes> hashes(blocks.size());
    in_parallel(
        jobs, blocks.size(), interrupted, [&](std::size_t i) { hashes[i] = BaselineRunner().run(blocks[i]); },
        [](std::size_t) {});
    return hashes;
}

int write(const BaselineCommand& command) {
    const auto blocks = baseline_blocks(kBlocksEach);
    const auto hashes = hashes_of(blocks, command.jobs);
    std::vector<BaselineRow> rows;
    for (std::size_t i = 0; i < blocks.size(); ++i) rows.push_back({blocks[i], hashes[i]});
    std::ofstream file(command.write);
    file << to_text(rows);
    if (!file.flush()) throw UsageError(fmt::format("{}: cannot write", command.write));
    return kHolds;
}

std::string text_of(const BaselineBlock& block) {
    return fmt::format("anyio {}, policy {}, python {}, profile {}, block {}", block.anyio, block.policy, block.python,
                       block.profile, block.block);
}

/// Every breach of one row, a line each: two builds' lines can be compared.
int list_breaches(const BaselineRow& row) {
    BaselineRunner().run(row.block, [](const Breach& breach) {
        fmt::print("seed {} {} at: {} iteration {} time {}\n", breach.seed, breach.contract, breach.place,
                   breach.iteration, breach.time);
    });
    return kHolds;
}

int compare(const BaselineCommand& command) {
    const auto all = read_baseline(command.file);
    if (command.row) {
        if (*command.row > all.size())
            throw UsageError(fmt::format("--row {}: {} has {} rows", *command.row, command.file, all.size()));
        return list_breaches(all[*command.row - 1]);
    }
    std::vector<std::size_t> chosen;
    std::vector<BaselineBlock> blocks;
    for (std::size_t i = 0; i < all.size(); i += command.every) {
        chosen.push_back(i);
        blocks.push_back(all[i].block);
    }
    const auto hashes = hashes_of(blocks, command.jobs);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const BaselineRow& row = all[chosen[i]];
        if (row.hashes == hashes[i]) {
            ++equal;
            continue;
        }
        fmt::print("row {}: {}: {} differ\n", chosen[i] + 1, text_of(row.block),
                   row.hashes.digests != hashes[i].digests ? "runs" : "breaches");
    }
    fmt::print("{} of {} blocks of {} runs are as they were\n", equal, chosen.size(), count_text(kBaselineRuns));
    return equal == chosen.size() ? kHolds : kBroken;
}

}  // namespace

Command baseline_command() {
    auto options = std::make_shared<BaselineCommand>();
    constexpr std::uint64_t kMostRows = 1 << 20;
    return {
        .name = "baseline",
        .summary = "Compare what runs do, and what they break, with what was written down before a change",
        .options =
            {{.names = "FILE", .value = Text{&options->file, "FILE"}, .help = "a table", .preset = "the project's own"},
             {"--every", Number{&options->every, 1, kMostRows}, "compare only every Nth row"},
             {"--row", Number{&options->row, 1, kMostRows}, "instead, list each breach of this row, from 1"},
             {"--write", Text{&options->write, "FILE"}, "instead, write a new table into this file"},
             jobs_option(options->jobs)},
        .run = [options] { return options->write.empty() ? compare(*options) : write(*options); },
        .broken = "a run that is not as it was",
    };
}

}  // namespace cancelsim::properties
