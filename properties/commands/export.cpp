#include <fmt/format.h>

#include <filesystem>
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
    write_output(command.output, python_file(load_failure(joined_words(command.failure))));
    if (command.output.empty()) return kHolds;
    try {
        write_python_package(std::filesystem::path(command.output).parent_path());
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
        .options = {failure_option(options->failure),
                    {"--python", Flag{&options->python},
                     "as Python; it needs anyio, and the package that --output writes beside it"},
                    output_option(options->output,
                                  "the file to write; the Python package `cancelsim` is written beside it")},
        .run = [options] { return export_failure(*options); },
    };
}

}  // namespace cancelsim::properties
