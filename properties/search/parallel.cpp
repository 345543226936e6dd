#include "properties/search/parallel.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "properties/subject/errors.h"
#include "properties/subject/fault.h"

namespace cancelsim::properties {

void on_threads(unsigned jobs, std::atomic<bool>& stop, const std::function<void(unsigned)>& work,
                const std::function<void()>& wait) {
    std::atomic<unsigned> left{0};
    std::mutex mutex;
    std::exception_ptr error;
    const auto keep_error = [&] {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        stop = true;
    };
    const auto run = [&](unsigned job) {
        try {
            work(job);
        } catch (...) {
            keep_error();
        }
        --left;
    };
    std::vector<std::thread> threads;
    threads.reserve(jobs);
    try {
        for (unsigned job = 0; job < jobs; ++job) {
            ++left;
            threads.emplace_back([&run, job] {
                const FaultStack stack;
                run(job);
            });
        }
    } catch (const std::system_error& failure) {  // those that there are have to do
        --left;
        if (threads.empty()) throw UsageError(fmt::format("cannot start a thread: {}", failure.code().message()));
    }
    while (left > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
        try {
            if (!stop) wait();
        } catch (...) {
            keep_error();
        }
    }
    for (std::thread& thread : threads) thread.join();
    if (error) std::rethrow_exception(error);
}

void in_parallel(unsigned jobs, std::size_t count, const std::atomic<bool>& stop,
                 const std::function<void(std::size_t)>& work, const std::function<void(std::size_t)>& progress) {
    std::atomic<std::size_t> next{0};
    std::atomic<std::size_t> done{0};
    std::atomic<bool> failed{false};
    int waits = 0;
    on_threads(
        jobs, failed,
        [&](unsigned) {
            for (std::size_t i = next++; i < count && !stop && !failed; i = next++) {
                work(i);
                ++done;
            }
        },
        [&] {
            if (waits++ % 32 == 0) progress(done);
        });
}

}  // namespace cancelsim::properties
