#include "properties/search/hunt.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/commands/duration.h"
#include "properties/commands/profiles.h"
#include "properties/failure/saved_failure.h"
#include "properties/report/report.h"
#include "properties/report/terminal.h"
#include "properties/search/strategies.h"

namespace cancelsim::properties {

namespace {

/// Enough to meet every failure that the documentation names, and about a second of work.
constexpr std::uint64_t kDefaultSchedules = 100'000;

struct HuntCommand {
    ConfigOptions config;
    HuntOptions options;
    std::string profile = "all";
    std::string time;
    std::string folder;  ///< where failures are saved; empty: nowhere
    bool no_shrink = false;
    bool json = false;
};

HuntOptions resolve(const HuntCommand& command) {
    HuntOptions options = command.options;
    options.config = command.config.resolve();
    options.profiles = profiles_named(command.profile);
    options.shrink = !command.no_shrink;
    if (find_strategy(options.strategy) == nullptr)
        throw UsageError(fmt::format("--strategy {}: unknown strategy; see `cancelsim list`", options.strategy));
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
        fmt::print(stderr, "\r\x1b[K{:.1f} s  {} schedules  {:.0f}/s  {} distinct failures", seconds, schedules,
                   static_cast<double>(schedules) / std::max(seconds, 1e-3), failures);
        std::fflush(stderr);
    };
}

/// What became of the found failures on disk.
struct Saved {
    std::vector<std::string> files;  ///< of each that was found; empty where it could not be saved
    std::string error;               ///< one line, where one of them could not
};

Saved save_all(const std::vector<Found>& found, const std::string& folder) {
    Saved saved;
    saved.files.resize(found.size());
    if (folder.empty()) return saved;
    try {
        for (std::size_t i = 0; i < found.size(); ++i) saved.files[i] = save(found[i].failure, folder);
    } catch (const FailureError& error) {
        saved.error = error.what();
    }
    return saved;
}

int run_hunt(const HuntCommand& command) {
    const HuntOptions options = resolve(command);
    if (!command.folder.empty()) prepare_folder(command.folder);
    const HuntResult result = hunt(options, interrupted, progress_line(command.json));
    if (stderr_is_terminal() && !command.json) fmt::print(stderr, "\r\x1b[K");
    const Saved saved = save_all(result.found, command.folder);
    if (command.json) {
        for (std::size_t i = 0; i < result.found.size(); ++i)
            fmt::print("{}\n", found_json(result.found[i], saved.files[i]));
        fmt::print("{}\n", summary_json(options, result));
    } else {
        fmt::print("{}", summary_text(options, result));
        for (std::size_t i = 0; i < result.found.size(); ++i)
            fmt::print("\n{}", found_text(result.found[i], saved.files[i]));
    }
    if (!saved.error.empty()) throw UsageError(saved.error);
    return count_news(result.found) == 0 ? kHolds : kBroken;
}

}  // namespace

void add_hunt(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("hunt", "Run random programs under random schedules, and check every contract");
    auto options = std::make_shared<HuntCommand>();
    options->options.jobs = std::max(1U, std::thread::hardware_concurrency());
    options->config.add_to(*command);
    add_profile_option(*command, options->profile);
    command->add_option("--strategy", options->options.strategy, "who answers what asyncio leaves open: see `list`")
        ->capture_default_str();
    command->add_flag("--adversarial", options->options.adversarial,
                      "also permute the ready handles of an iteration, as trio does and asyncio never");
    command
        ->add_option("--inject", options->options.injections,
                     "also cancel scopes, and tasks natively, from outside: at most so many times a run")
        ->check(CLI::Range(0, 1000));
    command->add_option("--contract", options->options.contracts, "only this contract; may be given again")
        ->allow_extra_args(false);
    command->add_option("--seed", options->options.seed, "what everything random comes from")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        ->add_option("--cases", options->options.schedules,
                     fmt::format("how many to run (default {})", kDefaultSchedules))
        ->check(CLI::NonNegativeNumber);
    command->add_option("--time", options->time, "how long to run instead: 30s, 5m, 2h");
    command->add_option("--jobs", options->options.jobs, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
    command->add_option("--save", options->folder, "a folder to save each failure in, as a file that replays for ever");
    command->add_flag("--no-shrink", options->no_shrink, "report failures as they were found");
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&chosen, options] { chosen = [options] { return run_hunt(*options); }; });
}

}  // namespace cancelsim::properties
