#include "properties/subject/python_program.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

constexpr std::string_view kPython = ".py";
constexpr std::string_view kMainFunction = "main";

std::string hash_of(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || std::filesystem::is_directory(path))
        throw UsageError(fmt::format("{}: cannot read: {}", path, std::strerror(errno != 0 ? errno : EISDIR)));
    return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

}  // namespace

PythonProgram read_python_program(const std::string& name) {
    const auto colon = name.rfind(':');
    const bool has_function = colon != std::string::npos && name.substr(0, colon).ends_with(kPython);
    PythonProgram program{has_function ? name.substr(0, colon) : name,
                          has_function ? name.substr(colon + 1) : std::string(kMainFunction),
                          {}};
    if (program.function.empty()) throw UsageError(fmt::format("{}: no function is named", name));
    program.hash = hash_of(program.path);
    return program;
}

std::string file_name(const PythonProgram& program) { return std::filesystem::path(program.path).filename().string(); }

std::string program_name(const PythonProgram& program) {
    return program.function == kMainFunction ? program.path : program.path + ":" + program.function;
}

}  // namespace cancelsim::properties
