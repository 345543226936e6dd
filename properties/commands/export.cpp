#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/common_options.h"
#include "properties/export/python_export.h"
#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

struct ExportCommand {
    std::vector<std::string> failure;
    bool python = false;
    std::string output;
};

int export_failure(const ExportCommand& command) {
    if (!command.python) throw UsageError("export: say --python: there is no other form yet");
    const std::string text = python_file(load_failure(joined_words(command.failure)));
    if (command.output.empty()) {
        fmt::print("{}", text);
        return kHolds;
    }
    namespace fs = std::filesystem;
    const fs::path folder = fs::path(command.output).parent_path();
    if (const fs::path package = folder / "cancelsim"; fs::exists(package) && !fs::is_directory(package))
        throw UsageError(fmt::format("{}: is in the way of the package: give a folder of its own, as --output shows/{}",
                                     package.string(), fs::path(command.output).filename().string()));
    try {
        if (!folder.empty()) fs::create_directories(folder);
        errno = 0;
        std::ofstream file(command.output, std::ios::binary);
        file << text << std::flush;
        if (!file)
            throw UsageError(
                fmt::format("{}: cannot write: {}", command.output, std::strerror(errno != 0 ? errno : EIO)));
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
        .summary = "Write a failure as a program that shows it on the real anyio",
        .options =
            {failure_option(options->failure),
             {"--python", Flag{&options->python},
              "as Python; it needs anyio, and the package that --output writes beside it"},
             {.names = "--output,-o",
              .value = Text{&options->output, "FILE"},
              .help = "the file to write; its folder is made, and the Python package `cancelsim` is written beside it",
              .preset = "standard output"}},
        .run = [options] { return export_failure(*options); },
    };
}

}  // namespace cancelsim::properties
