#include "properties/search/parallel.h"

#include <chrono>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace cancelsim::properties {

void in_parallel(unsigned jobs, std::size_t count, const std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& work, const std::function<void(std::size_t)>& progress) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    std::atomic<unsigned> running{jobs};
    std::atomic<bool> failed{false};
    std::mutex mutex;
    std::exception_ptr error;
    std::vector<std::thread> threads;
    for (unsigned job = 0; job < jobs; ++job)
        threads.emplace_back([&] {
            try {
                while (!stop && !failed) {
                    const std::size_t i = next.fetch_add(1);
                    if (i >= count) break;
                    work(i);
                    ++done;
                }
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!error) error = std::current_exception();
                failed = true;
            }
            --running;
        });
    for (int wait = 0; running > 0; ++wait) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (wait % 20 == 0) progress(done);
    }
    for (std::thread& thread : threads) thread.join();
    if (error) std::rethrow_exception(error);
}

}  // namespace cancelsim::properties
