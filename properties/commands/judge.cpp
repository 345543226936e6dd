#include "properties/search/judge.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "properties/commands/command.h"
#include "properties/commands/config_options.h"
#include "properties/commands/duration.h"
#include "properties/commands/numbers.h"
#include "properties/failure/input.h"
#include "properties/report/judge_text.h"
#include "properties/search/parallel.h"

namespace cancelsim::properties {

namespace {

struct JudgeCommand {
    ConfigOptions config;
    JudgeOptions options;
    std::vector<std::string> files;
    std::string against;
    std::string time;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    bool json = false;
};

struct Subject {
    scenarios::Case program;
    model::Config config;
};

std::vector<Subject> subjects_of(const JudgeCommand& command) {
    const model::Config config = command.config.resolve();
    std::vector<Subject> subjects;
    for (const std::string& file : command.files) {
        if (holds_failure(file)) {
            Failure failure = load_failure(file);
            subjects.push_back({std::move(failure.program), command.config.resolve(failure.config)});
        } else {
            for (scenarios::Case& program : read_case_file(file)) subjects.push_back({std::move(program), config});
        }
    }
    if (subjects.empty()) throw UsageError(fmt::format("{}: no case in it", command.files.front()));
    return subjects;
}

/// The base that a failure on `config` is compared with.
model::Config base_of(const JudgeCommand& command, const model::Config& config) {
    model::Config base = release_of(config);
    if (command.against.empty()) return base;
    base.version = ConfigNames{.anyio = command.against}.resolve().version;
    return base;
}

int run_judge(const JudgeCommand& command) {
    try {
        make_contracts(command.options.contracts);
    } catch (const std::invalid_argument& error) {
        throw UsageError(fmt::format("--contract: {}", error.what()));
    }
    const double seconds = command.time.empty() ? 0 : seconds_of(command.time);
    const std::vector<Subject> subjects = subjects_of(command);
    base_of(command, subjects.front().config);  // an unknown release is said before anything runs

    std::atomic<bool> stop{false};
    std::vector<Judged> judged(subjects.size());
    const auto start = std::chrono::steady_clock::now();
    const auto look = [&](std::size_t) {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        if (interrupted || (seconds != 0 && passed.count() >= seconds)) stop = true;
    };
    in_parallel(
        command.jobs, subjects.size(), interrupted,
        [&](std::size_t i) {
            const auto& [program, config] = subjects[i];
            judged[i] = judge(program, config, base_of(command, config), command.options, stop);
        },
        look);

    CaseVerdict worst = CaseVerdict::kept;
    for (const Judged& each : judged) {
        if (each.config.version == nullptr) continue;  // interrupted before it began
        worst = std::min(worst, each.verdict);
        fmt::print("{}", command.json ? judged_json(each) + "\n" : judged_text(each, judged.size() == 1));
    }
    return worst <= CaseVerdict::program ? kBroken : kHolds;
}

}  // namespace

void add_judge(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("judge", "Say of given cases what they break, under every schedule");
    auto options = std::make_shared<JudgeCommand>();
    options->config.add_to(*command);
    command
        ->add_option(
            "FILE|TOKEN", options->files,
            "cases, one JSON object a line; a saved failure; or a token: its program, on its own subject but for "
            "what is given; - reads cases")
        ->required();
    command->add_option("--against", options->against,
                        "the release that failures are compared with; default: the same");
    command->add_option("--limit", options->options.limit, "schedules of a case that are run one after another")
        ->check(number_in(1, kMostSchedules))
        ->capture_default_str();
    command->add_option("--cases", options->options.cases, "random schedules of a case that has more")
        ->check(number_in(0, kMostSchedules))
        ->capture_default_str();
    command->add_option("--seed", options->options.seed, "of the random schedules")
        ->check(number_in(0, UINT64_MAX))
        ->capture_default_str();
    command->add_option("--contract", options->options.contracts, "only this contract; may be given again")
        ->allow_extra_args(false);
    command->add_option("--time", options->time, "end after this long, with what there is: 30s, 5m, 2h");
    command->add_option("--jobs", options->jobs, "threads")->check(number_in(1, kMostJobs))->capture_default_str();
    command->add_flag("--json", options->json, "one JSON object a case");
    command->callback([&chosen, options] { chosen = [options] { return run_judge(*options); }; });
}

}  // namespace cancelsim::properties
