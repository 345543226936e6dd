#include "properties/search/verify.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/commands/numbers.h"
#include "properties/contracts/contract.h"
#include "properties/failure/input.h"
#include "scenarios/generate/small_scope.h"

namespace cancelsim::properties {

namespace {

struct VerifyCommand {
    ConfigOptions config;
    VerifyOptions options;
    std::string file;
    bool json = false;
};

VerifyOptions resolve(const VerifyCommand& command) {
    VerifyOptions options = command.options;
    options.config = command.config.resolve();
    if (!command.file.empty()) {
        options.cases = read_case_file(command.file);
        if (options.cases.empty()) throw UsageError(fmt::format("{}: no case in it", command.file));
    }
    try {
        make_contracts(options.contracts);
    } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("--contract: {}", error.what()));
    }
    return options;
}

VerifyProgress progress_line(bool quiet) {
    return [quiet, last = -1.0](const VerifiedSize& size, double seconds) mutable {
        if (seconds - last < 0.1) return;
        last = seconds;
        show_progress(quiet, fmt::format("{:.1f} s  {} statements: {} cases, {} schedules", seconds, size.statements,
                                         size.cases, size.schedules));
    };
}

int run_verify(const VerifyCommand& command) {
    const VerifyOptions options = resolve(command);
    const VerifyResult result = verify(options, interrupted, progress_line(command.json));
    clear_progress(command.json);
    fmt::print("{}", command.json ? verify_json(options, result) : verify_text(options, result));
    return std::any_of(result.broken.begin(), result.broken.end(), is_news) ? kBroken : kHolds;
}

}  // namespace

void add_verify(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand(
        "verify", "Run every small program there is, or given ones, under every schedule: see properties/VERIFY.md");
    auto options = std::make_shared<VerifyCommand>();
    options->options.jobs = std::max(1U, std::thread::hardware_concurrency());
    options->config.add_to(*command);
    auto* file = command->add_option("FILE", options->file, "cases, one JSON object a line: only these; - reads them");
    command->add_option("--statements", options->options.statements, "the most statements of a program")
        ->check(number_in(1, scenarios::kMostSmallStatements))
        ->excludes(file)
        ->capture_default_str();
    command->add_flag("--adversarial", options->options.adversarial,
                      "also every order of the ready handles of an iteration, as trio has it and asyncio never");
    command->add_option("--contract", options->options.contracts, "only this contract; may be given again")
        ->allow_extra_args(false);
    command->add_option("--limit", options->options.limit, "the most schedules of one program")
        ->check(number_in(1, UINT64_MAX))
        ->capture_default_str();
    command->add_flag("--all", options->options.all, "go on to larger programs when one has broken a contract");
    command->add_option("--jobs", options->options.jobs, "threads")
        ->check(number_in(1, kMostJobs))
        ->capture_default_str();
    command->add_flag("--json", options->json, "one JSON object a line");
    command->callback([&chosen, options] { chosen = [options] { return run_verify(*options); }; });
}

}  // namespace cancelsim::properties
