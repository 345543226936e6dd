#include "properties/commands/programs/run_program.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "properties/commands/command.h"
#include "properties/failure/whole_file.h"
#include "properties/programs/program_story.h"
#include "properties/report/program_text.h"
#include "properties/report/report.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"
#include "properties/subject/json_line.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kPython = ".py";
/// No file that holds a token is larger.
constexpr std::size_t kMostBytes = 1 << 20;

/// What `config` says, which must be a library: one that `failure` can run on.
Subject library_for(const ProgramFailure& failure, const SubjectOptions& config) {
    if (config.on.empty())
        throw UsageError(
            fmt::format("this ran on {}: say where that is, by --on PYTHON", library_text(*failure.config.library)));
    return config.subject();
}

/// The same file, wherever it is: as it is now.
PythonProgram program_as_it_is(const ProgramFailure& failure) {
    PythonProgram program = read_python_program(program_name(failure.program));
    if (program.hash != failure.program.hash)
        throw FailureError(fmt::format("stale: {} has changed since", failure.program.path));
    return program;
}

void save(const ProgramFound& found, const std::string& folder) {
    write_whole(folder, fmt::format("{}-{}.txt", found.failure.contract, digest_text(found.failure.digest)),
                fmt::format("{}\n{}\n", replay_command(found.failure), found.account.happened));
}

void print_now(const std::string& text) {
    fmt::print("{}", text);
    std::fflush(stdout);
}

/// Searches, and prints what is found.
ProgramResult search_and_print(const ProgramCommand& command) {
    std::atomic<bool> stop{false};
    double last = -1;
    const ProgramNews news{.progress =
                               [&](std::uint64_t schedules, std::size_t failures, double seconds) {
                                   if (interrupted || (command.seconds && seconds >= *command.seconds)) stop = true;
                                   if (seconds - last < 0.1) return;
                                   last = seconds;
                                   show_progress(
                                       command.json,
                                       fmt::format("{} schedules, {:.0f}/s, {} failures", count_text(schedules),
                                                   static_cast<double>(schedules) / std::max(seconds, 1e-3), failures));
                               },
                           .lost =
                               [&](const std::string& why) {
                                   clear_progress(command.json);
                                   say_lost(why);
                               }};
    ProgramResult result = search_program(command.program, command.config, command.base, command.options, stop, news);
    clear_progress(command.json);
    print_now(command.json ? program_json(result) + "\n" : program_text(result, command.all));
    for (const ProgramFound& found : result.found)
        if (!command.folder.empty()) save(found, command.folder);
    return result;
}

}  // namespace

bool names_function(const std::string& name) {
    const auto colon = name.rfind(':');
    return colon != std::string::npos && name.substr(0, colon).ends_with(kPython);
}

bool names_python(const std::string& name) { return name.ends_with(kPython) || names_function(name); }

int run_program(const ProgramCommand& command) {
    const ProgramResult result = search_and_print(command);
    say_if_interrupted(fmt::format("{} schedules have run", result.schedules));
    return verdict_of(result) <= CaseVerdict::program ? kBroken : kHolds;
}

int compare_program(const ProgramCommand& command, const Subject& against) {
    const ProgramResult here = search_and_print(command);
    ProgramCommand other = command;
    other.config = against;
    other.base = release_of(against);
    const ProgramResult there = search_and_print(other);
    print_now(command.json ? difference_json(here, there) + "\n" : difference_text(here, there));
    say_if_interrupted(fmt::format("{} schedules have run", here.schedules + there.schedules));
    return not_in(here, there).empty() && not_in(there, here).empty() ? kHolds : kBroken;
}

std::optional<ProgramFailure> load_program_failure(const std::string& words) {
    if (holds_program_token(words)) return program_failure_of(words);
    std::error_code error;
    if (!std::filesystem::is_regular_file(words, error)) return std::nullopt;
    std::ifstream file(words, std::ios::binary);
    std::string text(kMostBytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.starts_with('{') || !holds_program_token(text)) return std::nullopt;
    return program_failure_of(text);
}

int replay_program(const ProgramFailure& failure, const SubjectOptions& config, bool json) {
    ProgramFailure here = failure;
    here.config = library_for(failure, config);
    if (same_library(*here.config.library, *failure.config.library)) {
        const ProgramAccount account = exact_account_of(here);
        print_now(json ? account_json(here, account) + "\n" : failure_text(here, account));
        return kBroken;
    }
    here.program = program_as_it_is(failure);
    const ProgramAccount account = account_of(here);
    here.digest = account.digest;
    const std::string_view verdict = account.broken ? "still broken" : "kept";
    if (json) {
        auto object = nlohmann::ordered_json::parse(account_json(here, account));
        object["verdict"] = verdict;
        print_now(json_line(object) + "\n");
    } else {
        print_now(fmt::format("{}: {} under {}\n  found on: {}\n", verdict, here.contract, config_text(here.config),
                              config_text(failure.config)));
        if (account.broken) print_now("\n" + failure_text(here, account));
    }
    return account.broken ? kBroken : kHolds;
}

int explain_program(const ProgramFailure& failure, const SubjectOptions& config, bool json) {
    ProgramFailure here = failure;
    here.config = library_for(failure, config);
    if (!same_library(*here.config.library, *failure.config.library))
        throw UsageError(fmt::format("{} has {}, and this was found on {}: try replay", config.on,
                                     library_text(*here.config.library), library_text(*failure.config.library)));
    const ProgramExplanation explanation = explain(here);
    print_now(json ? explanation_json(here, explanation) + "\n" : explanation_text(here, explanation));
    return kBroken;
}

}  // namespace cancelsim::properties
