// Which shard of a hunt this process is, where a scheduler says so.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace cancelsim::properties {

struct Shard {
    std::uint64_t shard;   ///< from 1
    std::uint64_t shards;  ///< at least as many
};

/// What is called `name` in the environment; null where it is not set.
using Environment = std::function<const char*(const char* name)>;

/// Its place in an array of Slurm's (SLURM_ARRAY_TASK_ID and _COUNT, with _MIN and _STEP where it does not begin at 1),
/// or in an indexed job of Kubernetes' (JOB_COMPLETION_INDEX, from 0, of JOB_COMPLETIONS). Nothing where neither is
/// set. Throws UsageError where they make no sense.
std::optional<Shard> shard_of_environment(const Environment& environment);

}  // namespace cancelsim::properties
