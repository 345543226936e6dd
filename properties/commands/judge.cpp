#include "properties/search/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/commands/config_options.h"
#include "properties/commands/programs/run_program.h"
#include "properties/failure/input.h"
#include "properties/library/workers.h"
#include "properties/report/judge_text.h"
#include "properties/report/report.h"
#include "properties/search/parallel.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

namespace {

struct JudgeCommand {
    SubjectOptions config;
    JudgeOptions options;
    std::vector<std::string> files;
    std::string against;
    std::string accept;  ///< a file of accepted failures
    std::optional<double> seconds;
    std::optional<std::uint64_t> injections;
    unsigned jobs = 1;
    bool json = false;
    bool all = false;
};

/// The model of the release and the Python that `config` runs.
Subject model_of(const Subject& config) { return static_cast<const model::Config&>(config); }

struct Given {
    scenarios::Case program;
    Subject config;
};

/// The case that a Python file is, if it is one.
std::optional<scenarios::Case> case_in(const std::string& file) {
    if (names_function(file)) return std::nullopt;
    try {
        return std::move(read_case_file(file).front());
    } catch (const scenarios::CaseError&) {
        return std::nullopt;
    }
}

/// Cases and programs, each list in the order of the files.
std::vector<Given> given_to(const JudgeCommand& command, std::vector<PythonProgram>& programs) {
    const Subject config = command.config.subject();
    std::vector<Given> given;
    for (const std::string& file : command.files) {
        if (names_python(file)) {
            if (config.library) {
                programs.push_back(read_python_program(file));
                // What the case language has runs on the model a thousand times faster: it comes first.
                if (auto program = case_in(file)) given.push_back({std::move(*program), model_of(config)});
                continue;
            }
            if (names_function(file))
                throw UsageError(
                    fmt::format("{}: a function runs on a real library: say where that is, by --on PYTHON", file));
        }
        if (holds_failure(file)) {
            Failure failure = load_failure(file);
            const Subject own = config.library ? config : command.config.subject(failure.config);
            given.push_back({std::move(failure.program), own});
        } else {
            try {
                for (scenarios::Case& program : read_case_file(file)) given.push_back({std::move(program), config});
            } catch (const scenarios::CaseError& error) {
                if (!names_python(file)) throw;
                throw UsageError(fmt::format("{}; a real library runs all of Python: --on PYTHON", error.what()));
            }
        }
    }
    if (given.empty() && programs.empty()) throw UsageError(fmt::format("{}: no case in it", command.files.front()));
    return given;
}

/// The base that a failure on `config` is compared with.
Subject base_of(const JudgeCommand& command, const Subject& config) {
    const bool is_twin = !command.config.on.empty() && !config.library;  // of a program: see given_to
    return command.against.empty() || is_twin ? release_of(config) : base_named(command.against, config);
}

/// Judges each program in turn: gives the worse of `code` and what comes of them.
int judge_programs(const JudgeCommand& command, std::vector<PythonProgram> programs, int code) {
    if (programs.empty()) return code;
    const Subject config = command.config.subject();
    ProgramCommand judging{.program = {},
                           .config = config,
                           .base = release_of(config),
                           .options = {.limit = command.options.limit,
                                       .cases = command.options.cases,
                                       .contracts = command.options.contracts,
                                       .seed = command.options.seed,
                                       .jobs = command.jobs},
                           .seconds = command.seconds,
                           .folder = {},
                           .json = command.json,
                           .all = command.all};
    if (!command.accept.empty()) judging.options.accepted = Accepted(command.accept);
    std::optional<Subject> other;
    if (!command.against.empty()) other = open_library({.interpreter = command.against});
    if (command.injections) judging.options.injections = static_cast<std::uint32_t>(*command.injections);
    for (PythonProgram& program : programs) {
        if (interrupted) break;
        judging.program = std::move(program);
        code = std::max(code, other ? compare_program(judging, *other) : run_program(judging));
    }
    return code;
}

int run_judge(const JudgeCommand& command) {
    std::vector<PythonProgram> programs;
    const std::vector<Given> given = given_to(command, programs);
    if (programs.empty() && (command.injections || !command.accept.empty() || command.all))
        throw UsageError("--inject, --accept and --all are for programs that run on a library, by --on PYTHON");
    if (given.empty()) return judge_programs(command, std::move(programs), kHolds);
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
    return judge_programs(command, std::move(programs), worst <= CaseVerdict::program ? kBroken : kHolds);
}

}  // namespace

Command judge_command() {
    auto options = std::make_shared<JudgeCommand>();
    Command command{.name = "judge",
                    .summary = "Say of given cases, or of a program, what they break, under every schedule",
                    .options = options->config.options(),
                    .run = [options] { return run_judge(*options); },
                    .broken = "a contract broken, by the library in a way that is not known, or by the program"};
    JudgeOptions& judging = options->options;
    command.options.insert(
        command.options.end(),
        {{.names = "FILE|TOKEN",
          .value = Text{&options->files, "FILE"},
          .help = "cases, one JSON object a line; a saved failure; a token: its program, on its own subject but for "
                  "what is given; or, with --on, a program: FILE.py, or FILE.py:FUNCTION; - reads cases",
          .required = true},
         {.names = "--against",
          .value = Text{&options->against, "NAME"},
          .help = "the release that failures are compared with, `self`: with the findings alone; of a program, with "
                  "--on: another interpreter, and what changes is said",
          .preset = "the same"},
         {"--limit", Number{&judging.limit, 1, kMostSchedules}, "schedules of a case that are run one after another"},
         {"--cases", Number{&judging.cases, 0, kMostSchedules}, "random schedules of a case that has more"},
         {"--seed", Seed{&judging.seed}, "of the random schedules"},
         {.names = "--inject",
          .value = Number{&options->injections, 0, 1000},
          .help = "of a program: cancel its scopes, and its tasks natively, from outside, at most so many times a run",
          .preset = "1"},
         {"--accept", Text{&options->accept, "FILE"},
          "of a program: a file of failures that are accepted, a line each, as they are printed"},
         {"--all", Flag{&options->all}, "of a program: every failure in full, known findings too"},
         contract_option(judging.contracts),
         {"--time", Duration{&options->seconds}, "end after this long, with what there is: 30s, 5m, 2h"},
         jobs_option(options->jobs),
         json_option(options->json, "a case")});
    return command;
}

}  // namespace cancelsim::properties
