#include "properties/search/verdict.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/duration.h"
#include "properties/commands/numbers.h"
#include "properties/commands/profiles.h"
#include "properties/report/odds_text.h"
#include "properties/report/verdict_text.h"
#include "properties/search/odds.h"
#include "properties/search/strategies.h"

namespace cancelsim::properties {

namespace {

/// Of each kernel: all of them take about half a minute on two cores.
constexpr std::uint64_t kDefaultSchedules = 100'000;

struct VerdictCommand {
    VerdictOptions options;
    OddsOptions odds;
    std::string profile = "all";
    std::string time;
    bool defects = false;
    bool json = false;
    bool markdown = false;
};

VerdictProgress progress_line(bool quiet) {
    return [quiet](const std::string& doing) { show_progress(quiet, doing); };
}

int run_defects(const VerdictCommand& command) {
    OddsOptions options = command.odds;
    options.profiles = profiles_named(command.profile);
    options.seed = command.options.seed;
    options.jobs = command.options.jobs;
    if (command.options.schedules != 0) options.limit = command.options.schedules;
    if (find_strategy(options.strategy) == nullptr)
        throw UsageError(fmt::format("--strategy {}: unknown strategy; see `cancelsim list`", options.strategy));
    if (!command.time.empty()) throw UsageError("--time: with --defects, give --cases and --seeds");
    const std::vector<Odds> odds = measure_odds(options, interrupted, progress_line(command.json));
    clear_progress(command.json);
    if (odds.empty()) throw UsageError("interrupted before anything was measured");
    fmt::print("{}", command.json       ? odds_json(options, odds)
                     : command.markdown ? odds_markdown(options, odds)
                                        : odds_text(options, odds));
    return kHolds;
}

int run_verdict(const VerdictCommand& command) {
    if (command.json && command.markdown) throw UsageError("--json and --markdown: give one of them");
    if (command.defects) return run_defects(command);
    VerdictOptions options = command.options;
    options.profiles = profiles_named(command.profile);
    if (!command.time.empty()) {
        if (options.schedules != 0) throw UsageError("--cases and --time: give one of them");
        options.seconds = seconds_of(command.time);
    } else if (options.schedules == 0) {
        options.schedules = kDefaultSchedules;
    }
    const Verdict verdict = reach_verdict(options, interrupted, progress_line(command.json));
    clear_progress(command.json);
    fmt::print("{}", command.json       ? verdict_json(verdict)
                     : command.markdown ? verdict_markdown(verdict)
                                        : verdict_text(verdict));
    return kHolds;
}

}  // namespace

void add_verdict(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("verdict", "Show which kernel and policy keeps which contract, as one table");
    auto options = std::make_shared<VerdictCommand>();
    options->options.jobs = std::max(1U, std::thread::hardware_concurrency());
    add_profile_option(*command, options->profile);
    command->add_flag("--defects", options->defects,
                      "instead: which contract catches which defect, and after how many schedules");
    command->add_option("--seeds", options->odds.seeds, "with --defects: how many hunts for each")
        ->check(number_in(1, 1000))
        ->capture_default_str();
    command->add_option("--strategy", options->odds.strategy, "with --defects: who answers what asyncio leaves open")
        ->capture_default_str();
    command->add_option("--seed", options->options.seed, "what everything random comes from")
        ->check(number_in(0, UINT64_MAX))
        ->capture_default_str();
    command
        ->add_option("--cases", options->options.schedules,
                     fmt::format("schedules of each kernel (default {}); with --defects, of each hunt (default {})",
                                 kDefaultSchedules, options->odds.limit))
        ->check(number_in(1, kMostSchedules));
    command->add_option("--time", options->time, "how long to hunt instead, all kernels together: 30s, 5m, 2h");
    command->add_option("--jobs", options->options.jobs, "threads")
        ->check(number_in(1, kMostJobs))
        ->capture_default_str();
    command->add_flag("--json", options->json, "one JSON object");
    command->add_flag("--markdown", options->markdown, "tables for a document");
    command->callback([&chosen, options] { chosen = [options] { return run_verdict(*options); }; });
}

}  // namespace cancelsim::properties
