#include "properties/search/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/failure/input.h"
#include "properties/report/judge_text.h"
#include "properties/report/report.h"
#include "properties/search/parallel.h"

namespace cancelsim::properties {

namespace {

struct JudgeCommand {
    SubjectOptions config;
    JudgeOptions options;
    std::vector<std::string> files;
    std::string against;
    std::optional<double> seconds;
    unsigned jobs = 1;
    bool json = false;
};

struct Given {
    scenarios::Case program;
    Subject config;
};

std::vector<Given> given_to(const JudgeCommand& command) {
    const Subject config = command.config.subject(command.options.contracts);
    std::vector<Given> given;
    for (const std::string& file : command.files) {
        if (holds_failure(file)) {
            Failure failure = load_failure(file);
            const Subject own = config.library ? config : command.config.subject(failure.config, {});
            given.push_back({std::move(failure.program), own});
        } else {
            for (scenarios::Case& program : read_case_file(file)) given.push_back({std::move(program), config});
        }
    }
    if (given.empty()) throw UsageError(fmt::format("{}: no case in it", command.files.front()));
    return given;
}

/// The base that a failure on `config` is compared with.
Subject base_of(const JudgeCommand& command, const Subject& config) {
    return command.against.empty() ? release_of(config) : base_named(command.against, config);
}

int run_judge(const JudgeCommand& command) {
    const std::vector<Given> given = given_to(command);
    base_of(command, given.front().config);  // an unknown release is said before anything runs

    std::atomic<bool> stop{false};
    std::vector<Judged> judged(given.size());
    const auto start = std::chrono::steady_clock::now();
    const auto look = [&](std::size_t) {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        if (interrupted || (command.seconds && passed.count() >= *command.seconds)) stop = true;
    };
    in_parallel(
        command.jobs, given.size(), interrupted,
        [&](std::size_t i) {
            const auto& [program, config] = given[i];
            judged[i] = judge(program, config, base_of(command, config), command.options, stop);
        },
        look);

    CaseVerdict worst = CaseVerdict::kept;
    for (const Judged& each : judged) {
        if (each.config.version == nullptr) continue;  // interrupted before it began
        for (const std::string& why : each.lost) say_lost(fmt::format("{}: {}", each.name, why));
        worst = std::min(worst, each.verdict);
        fmt::print("{}", command.json ? judged_json(each) + "\n" : judged_text(each, judged.size() == 1));
    }
    if (!command.json) fmt::print("{}", not_judged_text(judged.front().not_judged));
    return worst <= CaseVerdict::program ? kBroken : kHolds;
}

}  // namespace

Command judge_command() {
    auto options = std::make_shared<JudgeCommand>();
    Command command{.name = "judge",
                    .summary = "Say of given cases what they break, under every schedule",
                    .options = options->config.options(),
                    .run = [options] { return run_judge(*options); },
                    .broken = "a contract broken, by the library in a way that is not known, or by the program"};
    JudgeOptions& judging = options->options;
    command.options.insert(
        command.options.end(),
        {{.names = "FILE|TOKEN",
          .value = Text{&options->files, "FILE"},
          .help = "cases, one JSON object a line; a saved failure; or a token: its program, on its own subject but for "
                  "what is given; - reads cases",
          .required = true},
         against_option(options->against),
         {"--limit", Number{&judging.limit, 1, kMostSchedules}, "schedules of a case that are run one after another"},
         {"--cases", Number{&judging.cases, 0, kMostSchedules}, "random schedules of a case that has more"},
         {"--seed", Seed{&judging.seed}, "of the random schedules"},
         contract_option(judging.contracts),
         {"--time", Duration{&options->seconds}, "end after this long, with what there is: 30s, 5m, 2h"},
         jobs_option(options->jobs),
         json_option(options->json, "a case")});
    return command;
}

}  // namespace cancelsim::properties
