#include "properties/commands/common_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "properties/contracts/contract.h"
#include "properties/search/strategies.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kMostJobs = 1024;

}  // namespace

Option profile_option(std::string& profile) {
    return {"--profile", Word{&profile, "profile", {"blocks", "misuse", "both", "start", "objects", "native", "all"}},
            "what the programs may do: scopes and groups as blocks; also by hand; these two in turn; mostly about "
            "`start`; with locks, streams and the like that tasks share; with asyncio's own timeouts, groups and ways "
            "to wait; all of that but by hand"};
}

std::vector<scenarios::Profile> profiles_named(const std::string& name) {
    if (name == "both") return {scenarios::Profile::misuse, scenarios::Profile::blocks};
    if (const auto profile = scenarios::find_profile(name)) return {*profile};
    throw UsageError(fmt::format("{}: unknown profile", name));
}

Option contract_option(std::vector<std::string>& contracts) {
    Names names;
    for (const auto& contract : make_all_contracts()) names.emplace_back(contract->name());
    names.emplace_back("canary");
    return {"--contract", Word{&contracts, "contract", std::move(names)}, "only this contract"};
}

Option strategy_option(std::string& strategy) {
    Names names;
    for (const StrategyEntry& entry : all_strategies())
        if (entry.make != nullptr) names.emplace_back(entry.name);
    return {"--strategy", Word{&strategy, "strategy", std::move(names)}, "who answers what asyncio leaves open"};
}

Option jobs_option(unsigned& jobs) {
    jobs = std::max(1U, std::thread::hardware_concurrency());
    return {.names = "--jobs,-j", .value = Number{&jobs, 1, kMostJobs}, .help = "threads"};
}

Option json_option(bool& json, const std::string& each) {
    return {"--json", Flag{&json}, each.empty() ? "one JSON object" : "one JSON object a line: " + each};
}

Option failure_option(std::vector<std::string>& words) {
    return {.names = "TOKEN|FILE",
            .value = Text{&words, "FILE"},
            .help = "a token, or the line of a report that holds it; or the file of a saved failure",
            .required = true};
}

Option output_option(std::string& path, const std::string& help) {
    return {.names = "--output,-o", .value = Text{&path, "FILE"}, .help = help, .preset = "standard output"};
}

void write_output(const std::string& path, const std::string& text) {
    if (path.empty()) {
        fmt::print("{}", text);
        return;
    }
    errno = 0;
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file) throw UsageError(fmt::format("{}: cannot write: {}", path, std::strerror(errno != 0 ? errno : EIO)));
}

std::string project_file(const std::string& name) {
    std::error_code unknown;
    std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", unknown);
    while (folder.has_relative_path()) {
        folder = folder.parent_path();
        if (std::filesystem::exists(folder / name, unknown)) return (folder / name).string();
    }
    return name;
}

std::string joined_words(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

}  // namespace cancelsim::properties
