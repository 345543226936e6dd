// Work on a few threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace cancelsim::properties {

/// Calls `work(job)` for each job below `jobs`, each on a thread of its own; meanwhile `wait()` again and again, some
/// milliseconds apart, on the calling one. `stop` is set once a job has thrown: all of them should look at it. Throws
/// what the first of them threw, after all threads have ended. Where not all threads can be started, those that can do
/// the work; UsageError where none can. What `wait` throws ends all jobs too.
void on_threads(unsigned jobs, std::atomic<bool>& stop, const std::function<void(unsigned)>& work,
                const std::function<void()>& wait);

/// Calls `work(i)` for each i below `count`, in any order, on `jobs` threads; meanwhile `progress(done)` about ten
/// times a second on the calling one. Once `stop` is set, what has not begun is left out. Throws what the first failing
/// piece threw, after all threads have ended.
void in_parallel(unsigned jobs, std::size_t count, const std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& work, const std::function<void(std::size_t)>& progress);

}  // namespace cancelsim::properties
