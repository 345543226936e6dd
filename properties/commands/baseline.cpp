#include "properties/recorded/baseline.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <memory>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/numbers.h"
#include "properties/report/report.h"
#include "properties/search/parallel.h"

namespace cancelsim::properties {

namespace {

/// Twelve blocks of each of 88 settings: a million runs.
constexpr std::uint64_t kBlocksEach = 12;

struct BaselineCommand {
    std::string file = CANCELSIM_SOURCE_DIR "/properties/recorded/baseline.tsv";
    std::string write;
    std::uint64_t every = 1;
    std::uint64_t row = 0;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
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
    if (command.row != 0) {
        if (command.row > all.size())
            throw UsageError(fmt::format("--row {}: {} has {} rows", command.row, command.file, all.size()));
        return list_breaches(all[command.row - 1]);
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

void add_baseline(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "baseline", "Compare what runs do, and what they break, with what was written down before a change");
    auto options = std::make_shared<BaselineCommand>();
    command->add_option("FILE", options->file, "a table; default: the project's own");
    command->add_option("--every", options->every, "compare only every Nth row")->check(number_in(1, 1 << 20));
    command->add_option("--row", options->row, "instead, list each breach of this row, from 1")
        ->check(number_in(1, 1 << 20));
    command->add_option("--write", options->write, "instead, write a new table into this file");
    command->add_option("--jobs", options->jobs, "threads")->check(number_in(1, kMostJobs));
    command->callback([&chosen, options] {
        chosen = [options] { return options->write.empty() ? compare(*options) : write(*options); };
    });
}

}  // namespace cancelsim::properties
