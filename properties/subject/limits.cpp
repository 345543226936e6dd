#include "properties/subject/limits.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

#include "properties/subject/errors.h"
#include "sim/loop.h"

namespace cancelsim::properties {

namespace {

using Clock = std::chrono::steady_clock;

Limits the_limits;
std::int64_t most_bytes = INT64_MAX;  ///< until set_limits is called: no limit
std::string over_memory = "too much memory";

/// What this thread has asked for and not given back. Another thread may give it back: then both are a little wrong.
thread_local constinit std::int64_t bytes_held = 0;

void look_at_clock(bool first) {
    static thread_local Clock::time_point began;
    if (first) began = Clock::now();
    if (std::chrono::duration<double>(Clock::now() - began).count() > the_limits.seconds)
        throw RunLost(fmt::format("the run takes longer than {:g} s (--max-time)", the_limits.seconds));
}

/// How much of the memory that the process may have is left to what is counted here.
std::uint64_t most_of_process() {
    std::uint64_t most = UINT64_MAX;
    for (const auto resource : {RLIMIT_DATA, RLIMIT_AS}) {
        rlimit limit{};
        if (getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
            most = std::min<std::uint64_t>(most, limit.rlim_cur);
    }
    return most / 4 * 3;
}

}  // namespace

const char* OverMemory::what() const noexcept { return over_memory.c_str(); }

void set_limits(const Limits& limits) {
    the_limits = limits;
    the_limits.bytes = std::min(limits.bytes, most_of_process());
    over_memory = fmt::format("more memory is needed than {} MiB (--max-memory)", the_limits.bytes >> 20);
    most_bytes = static_cast<std::int64_t>(std::min<std::uint64_t>(the_limits.bytes, INT64_MAX));
    sim::on_long_run = &look_at_clock;
}

const Limits& limits() { return the_limits; }

void* allocate_counted(std::size_t bytes) {
    if (bytes_held + static_cast<std::int64_t>(std::min<std::size_t>(bytes, INT64_MAX / 2)) > most_bytes)
        throw OverMemory();
    void* memory = std::malloc(std::max<std::size_t>(bytes, 1));
    if (memory == nullptr) throw std::bad_alloc();
    bytes_held += static_cast<std::int64_t>(malloc_usable_size(memory));
    return memory;
}

void free_counted(void* memory) noexcept {
    bytes_held -= static_cast<std::int64_t>(malloc_usable_size(memory));
    std::free(memory);
}

}  // namespace cancelsim::properties
