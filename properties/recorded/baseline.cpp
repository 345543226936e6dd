#include "properties/recorded/baseline.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <charconv>

#include "properties/failure/failure.h"
#include "properties/failure/input.h"
#include "properties/search/hunt.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"
#include "sim/random.h"

namespace cancelsim::properties {

namespace {

std::uint64_t fold(std::uint64_t into, std::uint64_t word) {
    into ^= word;
    return sim::splitmix64(into);
}
std::uint64_t fold(std::uint64_t into, std::string_view text) {
    return fold(into, XXH3_64bits(text.data(), text.size()));
}

std::uint64_t hash_of(const Breach& breach, std::uint64_t into) {
    into = fold(fold(into, breach.seed), breach.contract);
    return fold(fold(fold(into, breach.place), breach.iteration), static_cast<std::uint64_t>(breach.time));
}

HuntOptions options_of(const BaselineBlock& block) {
    HuntOptions options;
    options.config = ConfigNames{.anyio = block.anyio, .policy = block.policy, .python = block.python}.resolve();
    const auto profile = scenarios::find_profile(block.profile);
    if (!profile) throw UsageError(fmt::format("unknown profile: {}", block.profile));
    options.profiles = {*profile};
    return options;
}

std::string_view take_column(std::string_view& line) {
    const auto tab = line.find('\t');
    const auto column = line.substr(0, tab);
    line.remove_prefix(tab == std::string_view::npos ? line.size() : tab + 1);
    return column;
}

std::uint64_t number_of(std::string_view text, int base, const std::string& where) {
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        throw UsageError(where + ": expected seven columns: anyio, policy, python, profile, block, digests, breaches");
    return value;
}

}  // namespace

std::vector<BaselineBlock> baseline_blocks(std::uint64_t blocks_each) {
    std::vector<BaselineBlock> blocks;
    for (const model::Version* version : model::all_versions())
        for (const model::Policy* policy : model::all_policies())
            for (const sim::Python* python : model::all_pythons())
                for (const auto profile : {scenarios::Profile::blocks, scenarios::Profile::misuse})
                    for (std::uint64_t block = 0; block < blocks_each; ++block)
                        blocks.push_back({std::string(version->name), std::string(policy->name), python->name,
                                          std::string(name_of(profile)), block});
    return blocks;
}

BaselineRunner::BaselineRunner() : runner_(make_contracts()) {}

BaselineHashes BaselineRunner::run(const BaselineBlock& block, const std::function<void(const Breach&)>& see) {
    const HuntOptions options = options_of(block);
    const auto strategy = find_strategy(options.strategy)->make(sim::kAsyncioKinds, 0);
    BaselineHashes hashes;
    scenarios::Case program;
    for (std::uint64_t i = 0; i < kBaselineRuns; ++i) {
        const std::uint64_t index = block.block * kBaselineRuns + i;
        std::uint64_t seed = 0;
        make_schedule(options, index, program, seed);
        for (const Contract* broken : runner_.run_traced(program, options.config, strategy->begin(seed))) {
            const Breach breach{index, broken->name(), broken->place(), broken->broken_at_iteration(),
                                broken->broken_at_time()};
            hashes.breaches = hash_of(breach, hashes.breaches);
            if (see) see(breach);
        }
        hashes.digests = fold(hashes.digests, runner_.digest());
    }
    return hashes;
}

std::string to_text(const std::vector<BaselineRow>& rows) {
    std::string text;
    for (const BaselineRow& row : rows)
        text += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\n", row.block.anyio, row.block.policy, row.block.python,
                            row.block.profile, row.block.block, digest_text(row.hashes.digests),
                            digest_text(row.hashes.breaches));
    return text;
}

std::vector<BaselineRow> read_baseline(const std::string& path) {
    std::vector<BaselineRow> rows;
    for (const std::string& line : read_lines(path)) {
        const std::string where = fmt::format("{}: line {}", path, rows.size() + 1);
        std::string_view left = line;
        BaselineRow row;
        row.block.anyio = take_column(left);
        row.block.policy = take_column(left);
        row.block.python = take_column(left);
        row.block.profile = take_column(left);
        row.block.block = number_of(take_column(left), 10, where);
        row.hashes.digests = number_of(take_column(left), 16, where);
        row.hashes.breaches = number_of(take_column(left), 16, where);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace cancelsim::properties
