// What a run may take.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

namespace cancelsim::properties {

struct Limits {
    std::uint64_t bytes = std::uint64_t{1} << 30;  ///< of memory, by the thread that runs it; at least kLeastBytes
    double seconds = 10;                           ///< more than 0
};
inline constexpr std::uint64_t kLeastBytes = std::uint64_t{1} << 23;

/// A thread wanted more memory than it may have: what() says so in a line.
struct OverMemory : std::bad_alloc {
    const char* what() const noexcept override;
};

/// From now on a run that takes longer throws RunLost: it is looked at after each sim::kLongRun handles, so that what
/// is shorter never meets a clock. A thread that would hold more memory throws OverMemory where it asks for it. Where
/// the process itself may have less memory than that, less counts. To be called before there are other threads.
void set_limits(const Limits& limits);
/// Those that hold.
const Limits& limits();

/// What `operator new` and `operator delete` are in a program whose threads have a limit of memory. Throws OverMemory;
/// std::bad_alloc.
void* allocate_counted(std::size_t bytes);
void free_counted(void* memory) noexcept;

}  // namespace cancelsim::properties
