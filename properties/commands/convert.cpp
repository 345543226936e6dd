#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "properties/commands/command.h"
#include "properties/failure/input.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::properties {

namespace {

struct ConvertOptions {
    std::string into;
    std::vector<std::string> files;
};

void write_file(const std::string& path, const std::string& text) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr && std::fclose(file) != 0) good = false;
    if (!good) throw UsageError(fmt::format("{}: cannot write: {}", path, std::strerror(errno)));
}

int convert(const ConvertOptions& options) {
    if (!options.into.empty()) {
        std::error_code failed;  // then the first file cannot be written, and says so
        std::filesystem::create_directories(options.into, failed);
    }
    for (const std::string& file : options.files) {
        const auto cases = read_case_file(file);
        if (file.ends_with(".py")) {
            fmt::print("{}\n", scenarios::to_json(cases.front()));
            continue;
        }
        if (options.into.empty() && cases.size() != 1)
            throw UsageError(fmt::format("{}: {} cases: --into FOLDER takes a file for each", file, cases.size()));
        for (const scenarios::Case& program : cases) {
            const std::string python = scenarios::to_python(program);
            if (options.into.empty())
                fmt::print("{}", python);
            else
                write_file(fmt::format("{}/{}.py", options.into, program.name), python);
        }
    }
    return kHolds;
}

}  // namespace

Command convert_command() {
    auto options = std::make_shared<ConvertOptions>();
    return {
        .name = "convert",
        .summary = "Print cases in the other notation: JSON as Python, Python as JSON",
        .options = {{"--into", Text{&options->into, "DIR"},
                     "write each case's Python to NAME.py in this folder, which is made"},
                    {.names = "FILE",
                     .value = Text{&options->files, "FILE"},
                     .help = "a JSONL file of cases, or one case in Python: NAME.py",
                     .required = true}},
        .run = [options] { return convert(*options); },
    };
}

}  // namespace cancelsim::properties
