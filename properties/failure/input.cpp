#include "properties/failure/input.h"

#include <fmt/format.h>
#include <zstd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>

#include "properties/failure/saved_failure.h"
#include "properties/subject/errors.h"
#include "scenarios/program/case_json.h"
#include "scenarios/program/python/case_python.h"

namespace cancelsim::properties {

namespace {

/// No corpus or case file is larger than this; a small compressed file can claim to be.
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

/// How the name of a case's Python ends.
constexpr std::string_view kPython = ".py";

std::string decompressed(const std::string& path, const std::string& bytes) {
    const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMostBytes)
        throw UsageError(fmt::format("{}: not a zstd file of known size", path));
    std::string text(size, '\0');
    const std::size_t got = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(got) != 0 || got != size) throw UsageError(fmt::format("{}: damaged zstd file", path));
    return text;
}

struct Close {
    void operator()(std::FILE* file) const {
        if (file != stdin) std::fclose(file);
    }
};

std::string read_all(const std::string& path) {
    errno = 0;
    const std::unique_ptr<std::FILE, Close> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
    std::string bytes;
    char chunk[1 << 16];
    for (std::size_t got = 1; file != nullptr && got > 0; bytes.append(chunk, got))
        got = std::fread(chunk, 1, sizeof chunk, file.get());
    if (file == nullptr || std::ferror(file.get()) != 0)
        throw UsageError(fmt::format("{}: cannot read: {}", path == "-" ? "<stdin>" : path,
                                     std::strerror(errno != 0 ? errno : EIO)));
    return path.ends_with(".zst") ? decompressed(path, bytes) : bytes;
}

}  // namespace

std::vector<scenarios::Case> read_case_file(const std::string& path) {
    if (path.ends_with(kPython)) {
        const std::string stem = std::filesystem::path(path).stem().string();
        return {scenarios::parse_python(read_all(path), path, scenarios::is_name(stem) ? stem : "program")};
    }
    std::istringstream text(read_all(path));
    return scenarios::read_cases(text, path == "-" ? "<stdin>" : path);
}

std::vector<std::string> read_lines(const std::string& path) {
    std::istringstream text(read_all(path));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

bool holds_failure(const std::string& token_or_file) {
    return find_token(token_or_file) || token_or_file.ends_with(".json");
}

Failure load_failure(const std::string& token_or_file) {
    if (const auto token = find_token(token_or_file)) return from_token(*token);
    std::string text;
    try {
        text = read_all(token_or_file);
    } catch (const UsageError& error) {
        throw UsageError(fmt::format("{} (and a token begins with cs2: or cs1:)", error.what()));
    }
    if (!text.starts_with('{'))
        if (const auto token = find_token(text)) return from_token(*token);
    if (text.find("\"contract\"") == std::string::npos && text.find("\"main\"") != std::string::npos)
        throw UsageError(
            fmt::format("{}: a case, and no failure: `cancelsim judge` says what it breaks", token_or_file));
    return from_saved(text, token_or_file == "-" ? "<stdin>" : token_or_file);
}

}  // namespace cancelsim::properties
