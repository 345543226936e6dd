#include "properties/commands/shards/environment.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "properties/subject/errors.h"

namespace cancelsim::properties {

namespace {

/// The number in a variable; nothing where that is not set, or empty. Throws UsageError where it is no number.
std::optional<std::uint64_t> number(const Environment& environment, const char* name) {
    const char* text = environment(name);
    if (text == nullptr || *text == '\0') return std::nullopt;
    std::uint64_t value = 0;
    const char* end = text + std::strlen(text);
    const auto [rest, error] = std::from_chars(text, end, value);
    if (error != std::errc() || rest != end) throw UsageError(fmt::format("{}={}: expected a number", name, text));
    return value;
}

}  // namespace

std::optional<Shard> shard_of_environment(const Environment& environment) {
    std::string name = "SLURM_ARRAY_TASK_ID";
    std::string count_name = "SLURM_ARRAY_TASK_COUNT";
    auto id = number(environment, name.c_str());
    std::uint64_t first = number(environment, "SLURM_ARRAY_TASK_MIN").value_or(1);
    std::uint64_t step = number(environment, "SLURM_ARRAY_TASK_STEP").value_or(1);
    if (!id) {
        name = "JOB_COMPLETION_INDEX";
        count_name = "JOB_COMPLETIONS";
        id = number(environment, name.c_str());
        first = 0;
        step = 1;
    }
    if (!id) return std::nullopt;
    const auto count = number(environment, count_name.c_str());
    if (!count) throw UsageError(fmt::format("{} is set: set {} too, or give --shard", name, count_name));
    const bool is_in = *id >= first && step != 0 && (*id - first) % step == 0 && (*id - first) / step < *count;
    if (!is_in) throw UsageError(fmt::format("{}={} of {}={}: not one of them", name, *id, count_name, *count));
    return Shard{(*id - first) / step + 1, *count};
}

}  // namespace cancelsim::properties
