#include "properties/programs/accepted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

/// Without what is blank at its ends.
std::string stripped(const std::string& line) {
    constexpr const char* kBlank = " \t\r";
    const auto begin = line.find_first_not_of(kBlank);
    if (begin == std::string::npos) return {};
    return line.substr(begin, line.find_last_not_of(kBlank) + 1 - begin);
}

}  // namespace

Accepted::Accepted(const std::string& path) {
    errno = 0;
    std::ifstream file(path);
    if (!file || std::filesystem::is_directory(path))
        throw UsageError(fmt::format("--accept {}: cannot read: {}", path, std::strerror(errno != 0 ? errno : EISDIR)));
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        line = stripped(line);
        if (line.empty() || line.starts_with('#')) continue;
        const auto space = line.find(' ');
        try {
            make_contracts(std::vector{line.substr(0, space)});
        } catch (const std::invalid_argument& error) {
            throw UsageError(fmt::format("{}:{}: {}", path, number, error.what()));
        }
        if (space == std::string::npos)
            throw UsageError(fmt::format("{}:{}: expected a contract, and FILE:FUNCTION", path, number));
        lines_.push_back(line.substr(0, space) + " " + stripped(line.substr(space)));
    }
}

bool Accepted::has(const ProgramFailure& failure, const ProgramAccount& account) const {
    return std::find(lines_.begin(), lines_.end(), line_of(failure, account)) != lines_.end();
}

std::string Accepted::line_of(const ProgramFailure& failure, const ProgramAccount& account) {
    if (!account.site)
        return fmt::format("{} {}:{}", failure.contract, file_name(failure.program), failure.program.function);
    return fmt::format("{} {}:{}", failure.contract, std::filesystem::path(account.site->file).filename().string(),
                       account.site->function);
}

}  // namespace cancelsim::properties
