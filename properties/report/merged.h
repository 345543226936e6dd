// The shards of a hunt, joined: what they found together, as if it had been one run.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// What joins a shard to the others: a key of its summary.
nlohmann::ordered_json part_json(const HuntOptions& options, const HuntResult& result);

/// What a hunt has seen, exactly: its keys are among those of a part.
nlohmann::ordered_json census_json(const Census& census);
/// Throws UsageError where it is none; nlohmann::json::exception.
Census census_from(const nlohmann::ordered_json& json);

/// What a shard has printed, with --json.
struct ShardOutput {
    std::string name;  ///< for messages
    std::vector<std::string> lines;
};

struct Merged {
    HuntOptions options;                 ///< of the whole hunt
    HuntResult result;                   ///< its seconds are those of the shard that took longest
    std::vector<std::string> failures;   ///< the shards' own lines of what is in the result, in its order
    std::vector<std::uint64_t> missing;  ///< shards that printed no summary: their schedules are not counted
};

/// Joins them: of each distinct failure the earliest. Throws UsageError where a line cannot be read, and where they are
/// not shards of one hunt, each once. A last line that was cut short is left out.
Merged merged(const std::vector<ShardOutput>& outputs);

/// As a hunt prints it.
std::string merged_text(const Merged& merged, bool all);
/// A line for each failure, and the summary.
std::string merged_json(const Merged& merged);

}  // namespace cancelsim::properties
