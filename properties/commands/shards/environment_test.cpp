#include "properties/commands/shards/environment.h"

#include <doctest/doctest.h>

#include <map>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

using Variables = std::map<std::string, std::string>;

std::string shard_of(const Variables& variables) {
    const auto shard = shard_of_environment([&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
    return shard ? std::to_string(shard->shard) + "/" + std::to_string(shard->shards) : "none";
}

}  // namespace

TEST_CASE("the shard is the place in an array of Slurm's or an indexed job of Kubernetes'") {
    CHECK(shard_of({}) == "none");
    CHECK(shard_of({{"SLURM_ARRAY_TASK_ID", ""}}) == "none");
    CHECK(shard_of({{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}) == "3/4");
    // --array=0-3, and --array=10-16:2.
    CHECK(shard_of({{"SLURM_ARRAY_TASK_ID", "0"}, {"SLURM_ARRAY_TASK_COUNT", "4"}, {"SLURM_ARRAY_TASK_MIN", "0"}}) ==
          "1/4");
    CHECK(shard_of({{"SLURM_ARRAY_TASK_ID", "16"},
                    {"SLURM_ARRAY_TASK_COUNT", "4"},
                    {"SLURM_ARRAY_TASK_MIN", "10"},
                    {"SLURM_ARRAY_TASK_STEP", "2"}}) == "4/4");
    CHECK(shard_of({{"JOB_COMPLETION_INDEX", "0"}, {"JOB_COMPLETIONS", "5"}}) == "1/5");
    CHECK(shard_of({{"JOB_COMPLETION_INDEX", "4"}, {"JOB_COMPLETIONS", "5"}}) == "5/5");
}

TEST_CASE("an environment that makes no sense is refused") {
    CHECK_THROWS_AS(shard_of({{"SLURM_ARRAY_TASK_ID", "3"}}), UsageError);
    CHECK_THROWS_AS(shard_of({{"SLURM_ARRAY_TASK_ID", "x"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}), UsageError);
    CHECK_THROWS_AS(shard_of({{"SLURM_ARRAY_TASK_ID", "5"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}), UsageError);
    CHECK_THROWS_AS(shard_of({{"SLURM_ARRAY_TASK_ID", "0"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}), UsageError);
    CHECK_THROWS_AS(
        shard_of({{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_COUNT", "4"}, {"SLURM_ARRAY_TASK_STEP", "0"}}),
        UsageError);
    CHECK_THROWS_AS(shard_of({{"JOB_COMPLETION_INDEX", "0"}}), UsageError);
    CHECK_THROWS_AS(shard_of({{"JOB_COMPLETION_INDEX", "5"}, {"JOB_COMPLETIONS", "5"}}), UsageError);
}

}  // namespace cancelsim::properties
