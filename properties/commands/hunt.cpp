#include "properties/hunt.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/commands/profiles.h"
#include "properties/known.h"
#include "properties/report.h"
#include "properties/strategies.h"
#include "properties/terminal.h"

namespace cancelsim::properties {

namespace {

/// Enough to meet every failure that the documentation names, and about a second of work.
constexpr std::uint64_t kDefaultSchedules = 100'000;

struct HuntCommand {
    ConfigOptions config;
    HuntOptions options;
    std::string profile = "all";
    std::string time;
    bool no_shrink = false;
    bool json = false;
};

/// `30s`, `5m`, `2h`, or a number of seconds.
double seconds_of(const std::string& text) {
    std::size_t used = 0;
    double seconds = 0;
    try {
        seconds = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    const std::string unit = used == 0 ? "?" : text.substr(used);
    if (unit == "m") seconds *= 60;
    if (unit == "h") seconds *= 3600;
    if ((unit != "" && unit != "s" && unit != "m" && unit != "h") || !std::isfinite(seconds) ||
        seconds <= 0)
        throw UsageError(fmt::format("--time {}: expected a time such as 30s, 5m or 2h", text));
    return seconds;
}

HuntOptions resolve(const HuntCommand& command) {
    HuntOptions options = command.options;
    options.config = command.config.resolve();
    options.profiles = profiles_named(command.profile);
    options.shrink = !command.no_shrink;
    if (find_strategy(options.strategy) == nullptr)
        throw UsageError(
            fmt::format("--strategy {}: unknown strategy; see `cancelsim list`", options.strategy));
    try {
        make_contracts(options.contracts);
    } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("--contract: {}", error.what()));
    }
    if (!command.time.empty()) {
        if (options.schedules != 0) throw UsageError("--cases and --time: give one of them");
        options.seconds = seconds_of(command.time);
    } else if (options.schedules == 0) {
        options.schedules = kDefaultSchedules;
    }
    return options;
}

Progress progress_line(bool quiet) {
    if (quiet || !stderr_is_terminal()) return [](std::uint64_t, std::size_t, double) {};
    return [last = -1.0](std::uint64_t schedules, std::size_t failures, double seconds) mutable {
        if (seconds - last < 0.1) return;
        last = seconds;
        fmt::print(stderr, "\r\x1b[K{:.1f} s  {} schedules  {:.0f}/s  {} distinct failures",
                   seconds, schedules, static_cast<double>(schedules) / std::max(seconds, 1e-3),
                   failures);
        std::fflush(stderr);
    };
}

/// The failures that nobody knows yet: what the exit code is about.
std::size_t count_news(const std::vector<Found>& found) {
    return static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](const Found& one) {
        return known_finding(one.failure.config, one.failure.contract, one.place) == nullptr;
    }));
}

void print_summary(const HuntOptions& options, const HuntResult& result) {
    const std::size_t news = count_news(result.found);
    const std::size_t known = result.found.size() - news;
    const double rate = static_cast<double>(result.schedules) / std::max(result.seconds, 1e-3);
    std::string verdict = news == 0 ? green("nothing broken") : red(fmt::format("{} broken", news));
    if (known != 0) verdict += fmt::format(", {} known", known);
    fmt::print("{}: {} schedules of {} in {:.1f} s ({:.0f}/s), seed {}\n", verdict,
               result.schedules, config_text(options.config), result.seconds, rate, options.seed);
    if (news == 0 && result.schedules > 0)
        fmt::print("{}\n",
                   dim(fmt::format(
                       "With 95 % confidence, fewer than {:.2g} of such schedules break a contract "
                       "otherwise (rule of three).",
                       3.0 / static_cast<double>(result.schedules))));
}

int run_hunt(const HuntCommand& command) {
    const HuntOptions options = resolve(command);
    const HuntResult result = hunt(options, interrupted, progress_line(command.json));
    if (stderr_is_terminal() && !command.json) fmt::print(stderr, "\r\x1b[K");
    if (command.json) {
        for (const Found& found : result.found) fmt::print("{}\n", found_json(found));
        const nlohmann::ordered_json summary{
            {"summary",
             {{"schedules", result.schedules},
              {"seconds", result.seconds},
              {"failures", result.found.size()},
              {"known", result.found.size() - count_news(result.found)},
              {"seed", options.seed}}}};
        fmt::print("{}\n", summary.dump());
    } else {
        print_summary(options, result);
        for (const Found& found : result.found) fmt::print("\n{}", found_text(found));
    }
    return count_news(result.found) == 0 ? kHolds : kBroken;
}

}  // namespace

void add_hunt(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "hunt", "Run random programs under random schedules, and check every contract");
    auto options = std::make_shared<HuntCommand>();
    options->options.jobs = std::max(1U, std::thread::hardware_concurrency());
    options->config.add_to(*command);
    add_profile_option(*command, options->profile);
    command
        ->add_option("--strategy", options->options.strategy,
                     "who answers what asyncio leaves open: see `list`")
        ->capture_default_str();
    command->add_flag(
        "--adversarial", options->options.adversarial,
        "also permute the ready handles of an iteration, as trio does and asyncio never");
    command
        ->add_option("--contract", options->options.contracts,
                     "only this contract; may be given again")
        ->allow_extra_args(false);
    command->add_option("--seed", options->options.seed, "what everything random comes from")
        ->capture_default_str();
    command->add_option("--cases", options->options.schedules,
                        fmt::format("how many to run (default {})", kDefaultSchedules));
    command->add_option("--time", options->time, "how long to run instead: 30s, 5m, 2h");
    command->add_option("--jobs", options->options.jobs, "threads")
        ->check(CLI::Range(1, 1024))
        ->capture_default_str();
    command->add_flag("--no-shrink", options->no_shrink, "report failures as they were found");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&chosen, options] { chosen = [options] { return run_hunt(*options); }; });
}

}  // namespace cancelsim::properties
