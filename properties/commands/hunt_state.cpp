#include "properties/commands/hunt_state.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "properties/commands/common_options.h"
#include "properties/failure/whole_file.h"
#include "properties/report/merged.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 3;
constexpr std::string_view kPrefix = "hunt-";
constexpr std::string_view kSuffix = ".state";

std::string name_of_shard(std::uint64_t shard, std::uint64_t shards) {
    return fmt::format("{}{}-of-{}{}", kPrefix, shard, shards, kSuffix);
}

/// The state files in `folder`, by name.
std::vector<std::string> state_files(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(kPrefix) && name.ends_with(kSuffix)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Subject subject_in(const Json& json) {
    if (json.contains("on"))
        throw UsageError(
            "a hunt on a library does not go on: begin it anew, with --save, and what it saved comes first");
    return subject_from(json);
}

HuntState state_of(const Json& json) {
    if (json.at("version") != kVersion) throw UsageError(fmt::format("expected version {}", kVersion));
    HuntState state;
    HuntOptions& options = state.options;
    options.config = subject_in(json.at("subject"));
    state.profile = json.at("profile");
    options.profiles = profiles_named(state.profile);
    options.strategy = json.at("strategy");
    options.adversarial = json.at("adversarial");
    options.injections = json.at("injections");
    options.contracts = json.at("contracts").get<std::vector<std::string>>();
    options.seed = json.at("seed");
    options.schedules = json.at("schedules");
    options.seconds = json.at("seconds");
    options.shrink = json.at("shrink");
    options.shard = json.at("shard");
    options.shards = json.at("shards");
    if (find_strategy(options.strategy) == nullptr) throw UsageError("unknown strategy");
    if (options.shard == 0 || options.shard > options.shards) throw UsageError("there is no such shard");
    state.finished = json.at("finished");
    state.seen = census_from(json.at("seen"));
    if (!json.at("against").is_null()) options.against = subject_in(json.at("against"));
    for (const Json& each : json.at("found")) {
        const auto labelled = labelled_of(each.at("label").get<std::string>());
        if (!labelled) throw UsageError("expected a label");
        state.found.push_back({each.at("contract"), each.at("place"), *labelled, each.at("file"), each.at("schedule"),
                               each.at("statements_found")});
    }
    return state;
}

}  // namespace

void write_state(const HuntState& state, const std::string& folder) {
    const HuntOptions& options = state.options;
    Json json{{"version", kVersion},
              {"subject", config_json(options.config)},
              {"profile", state.profile},
              {"strategy", options.strategy},
              {"adversarial", options.adversarial},
              {"injections", options.injections},
              {"contracts", options.contracts},
              {"seed", options.seed},
              {"schedules", options.schedules},
              {"seconds", options.seconds},
              {"shrink", options.shrink},
              {"shard", options.shard},
              {"shards", options.shards},
              {"finished", state.finished},
              {"seen", census_json(state.seen)},
              {"against", options.against ? config_json(*options.against) : Json()},
              {"found", Json::array()}};
    for (const SavedFound& each : state.found)
        json["found"].push_back({{"contract", each.contract},
                                 {"place", each.place},
                                 {"label", text_of(each.labelled)},
                                 {"file", each.file},
                                 {"schedule", each.schedule},
                                 {"statements_found", each.statements_found}});
    write_whole(folder, name_of_shard(options.shard, options.shards), json.dump() + "\n");
}

HuntState read_state(const std::string& folder, std::uint64_t shard, std::uint64_t shards) {
    std::string name = name_of_shard(shard, shards);
    if (shards == 0) {
        const auto names = state_files(folder);
        if (names.empty()) throw UsageError(fmt::format("--resume {}: no hunt was saved there", folder));
        if (names.size() > 1)
            throw UsageError(fmt::format("--resume {}: there are {} hunts: give --shard", folder, names.size()));
        name = names.front();
    }
    const std::string path = (fs::path(folder) / name).string();
    std::ifstream file(path);
    if (!file) throw UsageError(fmt::format("--resume {}: cannot read {}", folder, name));
    try {
        return state_of(Json::parse(file));
    } catch (const nlohmann::json::exception& error) {
        throw UsageError(fmt::format("{}: not the state of a hunt: {}", path, error.what()));
    } catch (const UsageError& error) {
        throw UsageError(fmt::format("{}: {}", path, error.what()));
    }
}

}  // namespace cancelsim::properties
