// Many small pieces of work on a few threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace cancelsim::properties {

/// Calls `work(i)` for each i below `count`, in any order, on `jobs` threads; meanwhile `progress(done)` about ten
/// times a second on the calling one. Once `stop` is set, what has not begun is left out. Throws what the first failing
/// piece threw, after all threads have ended.
void in_parallel(unsigned jobs, std::size_t count, const std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& work, const std::function<void(std::size_t)>& progress);

}  // namespace cancelsim::properties
