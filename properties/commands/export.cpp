#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/export/python_export.h"
#include "properties/failure/input.h"
#include "properties/failure/replay.h"
#include "properties/report/formats/perfetto.h"

namespace cancelsim::properties {

namespace {

struct ExportCommand {
    std::vector<std::string> failure;
    bool python = false;
    bool perfetto = false;
    std::string output;
};

int export_failure(const ExportCommand& command) {
    const Failure failure = load_failure(joined_words(command.failure));
    if (command.perfetto) {
        if (failure.config.library) throw UsageError("--perfetto: a run on a library has no timeline yet");
        const Account account = exact_account_of(failure);
        write_output(command.output,
                     perfetto_text(picture_of(failure), fmt::format("{} at: {}", failure.contract, account.place)));
        return kHolds;
    }
    if (!command.python) throw UsageError("export: say --python or --perfetto");
    const std::string text = python_file(failure);
    if (command.output.empty()) {
        write_output(command.output, text);
        return kHolds;
    }
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(command.output).parent_path();
    if (const fs::path package = folder / "cancelsim"; fs::exists(package) && !fs::is_directory(package))
        throw UsageError(fmt::format("{}: is in the way of the package: give a folder of its own, as --output shows/{}",
                                     package.string(), fs::path(command.output).filename().string()));
    try {
        if (!folder.empty()) fs::create_directories(folder);
        write_output(command.output, text);
        write_python_package(folder);
    } catch (const std::filesystem::filesystem_error& error) {
        throw UsageError(fmt::format("{}: cannot write: {}", error.path1().string(), error.code().message()));
    }
    return kHolds;
}

}  // namespace

Command export_command() {
    auto options = std::make_shared<ExportCommand>();
    return {
        .name = "export",
        .summary = "Write a failure as a program that shows it on the real anyio, or its run as a trace",
        .options = {failure_option(options->failure),
                    {"--python", Flag{&options->python},
                     "as Python; it needs anyio, and the package that --output writes beside it"},
                    {.names = "--perfetto",
                     .value = Flag{&options->perfetto},
                     .help = "as a trace for https://ui.perfetto.dev: tasks are threads, scopes slices",
                     .excludes = "--python"},
                    output_option(
                        options->output,
                        "the file to write; its folder is made, and with --python the package `cancelsim` beside it")},
        .run = [options] { return export_failure(*options); },
    };
}

}  // namespace cancelsim::properties
