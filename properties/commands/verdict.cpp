#include "properties/search/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/report/odds_text.h"
#include "properties/report/page/page.h"
#include "properties/report/verdict_text.h"
#include "properties/search/odds.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"

namespace cancelsim::properties {

namespace {

/// Of each kernel: all of them take about half a minute on two cores.
constexpr std::uint64_t kSchedulesAColumn = 100'000;

struct VerdictCommand {
    VerdictOptions options;
    OddsOptions odds;
    std::string profile = "both";
    std::optional<std::uint64_t> schedules;
    std::optional<double> seconds;
    bool defects = false;
    bool json = false;
    bool markdown = false;
    std::string page;  ///< a file; empty: none
};

VerdictProgress verdict_progress(bool quiet) {
    return [quiet](const std::string& doing) { show_progress(quiet, doing); };
}

int run_defects(const VerdictCommand& command) {
    OddsOptions options = command.odds;
    options.profiles = profiles_named(command.profile);
    options.seed = command.options.seed;
    options.jobs = command.options.jobs;
    options.limit = command.schedules.value_or(options.limit);
    if (!command.page.empty()) throw UsageError("--html: there is no page of --defects");
    if (command.seconds) throw UsageError("--time: with --defects, give --cases and --seeds");
    const std::vector<Odds> odds = measure_odds(options, interrupted, verdict_progress(command.json));
    clear_progress(command.json);
    if (odds.empty()) throw UsageError("interrupted before anything was measured");
    fmt::print("{}", command.json       ? odds_json(options, odds)
                     : command.markdown ? odds_markdown(options, odds)
                                        : odds_text(options, odds));
    return kHolds;
}

int run_verdict(const VerdictCommand& command) {
    if (command.defects) return run_defects(command);
    VerdictOptions options = command.options;
    options.profiles = profiles_named(command.profile);
    if (command.seconds)
        options.seconds = *command.seconds;
    else
        options.schedules = command.schedules.value_or(kSchedulesAColumn);
    const Verdict verdict = reach_verdict(options, interrupted, verdict_progress(command.json));
    clear_progress(command.json);
    fmt::print("{}", command.json       ? verdict_json(verdict)
                     : command.markdown ? verdict_markdown(verdict)
                                        : verdict_text(verdict));
    if (!command.page.empty()) {
        const auto progress = [&](std::size_t drawn, std::size_t all) {
            show_progress(command.json, fmt::format("the page: {} of {} counterexamples", drawn, all));
        };
        const std::string page = verdict_page(verdict, options.jobs, interrupted, progress);
        clear_progress(command.json);
        write_output(command.page, page);
    }
    for (const VerdictRow& row : verdict.rows)
        for (const Cell& cell : row.cells)
            if (cell.standing == Standing::broken) return kBroken;
    return kHolds;
}

}  // namespace

Command verdict_command() {
    auto options = std::make_shared<VerdictCommand>();
    return {
        .name = "verdict",
        .summary = "Show which kernel and policy keeps which contract, as one table",
        .options = {{.names = "--anyio,--kernel",
                     .value = Text{&options->options.anyio, "NAME", list_of(model::all_versions())},
                     .help = "an anyio release: every policy on it; with --policy, that alone",
                     .excludes = "--defects"},
                    {.names = "--policy",
                     .value = Text{&options->options.policy, "NAME", list_of(model::all_policies())},
                     .help = "a policy, such as one of your own, on every release",
                     .excludes = "--defects"},
                    profile_option(options->profile),
                    {"--defects", Flag{&options->defects},
                     "instead: which contract catches which defect, and after how many schedules"},
                    {"--seeds", Number{&options->odds.seeds, 1, 1000}, "with --defects: how many hunts for each"},
                    strategy_option(options->odds.strategy),
                    {"--seed", Seed{&options->options.seed}, "what everything random comes from"},
                    {.names = "--cases",
                     .value = Number{&options->schedules, 1, kMostSchedules},
                     .help = "schedules of each kernel; with --defects, of each hunt",
                     .preset = fmt::format("{}; {}", kSchedulesAColumn, options->odds.limit)},
                    {.names = "--time",
                     .value = Duration{&options->seconds},
                     .help = "how long to hunt instead, all kernels together: 30s, 5m, 2h",
                     .excludes = "--cases"},
                    jobs_option(options->options.jobs),
                    json_option(options->json),
                    {.names = "--markdown",
                     .value = Flag{&options->markdown},
                     .help = "tables for a document",
                     .excludes = "--json"},
                    {"--html", Text{&options->page, "FILE"},
                     "also write the table as a page, on which each cell opens its counterexample"}},
        .run = [options] { return run_verdict(*options); },
        .broken = "a contract broken, which is no known finding",
    };
}

}  // namespace cancelsim::properties
