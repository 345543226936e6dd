#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "properties/commands/command.h"
#include "properties/export/python_export.h"
#include "properties/failure/input.h"

namespace cancelsim::properties {

namespace {

struct ExportCommand {
    std::string failure;
    bool python = false;
    std::string output;
};

int export_failure(const ExportCommand& command) {
    if (!command.python) throw UsageError("export: say --python: there is no other form yet");
    const std::string text = python_file(load_failure(command.failure));
    if (command.output.empty()) {
        fmt::print("{}", text);
        return kHolds;
    }
    std::ofstream file(command.output, std::ios::binary);
    file << text << std::flush;
    if (!file)
        throw UsageError(fmt::format("{}: cannot write: {}", command.output, std::strerror(errno != 0 ? errno : EIO)));
    try {
        write_python_package(std::filesystem::path(command.output).parent_path());
    } catch (const std::filesystem::filesystem_error& error) {
        throw UsageError(fmt::format("{}: cannot write: {}", error.path1().string(), error.code().message()));
    }
    return kHolds;
}

}  // namespace

void add_export(CLI::App& app, Chosen& chosen) {
    auto* command = app.add_subcommand("export", "Write a failure as a program that shows it on the real anyio");
    auto options = std::make_shared<ExportCommand>();
    command->add_option("FAILURE", options->failure, "a token, as a hunt printed it, or a file that holds a failure")
        ->required();
    command->add_flag("--python", options->python,
                      "as Python; it needs anyio, and the package that --output writes beside it");
    command->add_option(
        "--output", options->output,
        "the file to write, instead of standard output; the Python package `cancelsim` is written beside it");
    command->callback([&chosen, options] { chosen = [options] { return export_failure(*options); }; });
}

}  // namespace cancelsim::properties
