#include <doctest/doctest.h>

#include "model/primitives/capacity_limiter.h"
#include "model/primitives/condition.h"
#include "model/primitives/semaphore.h"
#include "model/primitives/testing.h"

namespace cancelsim::model {

namespace {

using Log = std::vector<std::string>;
using sim::Poll;
using sim::Resume;

}  // namespace

TEST_CASE("a lock is handed on in the order in which tasks asked for it") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        Lock lock;
        for (const char* name : {"a", "b", "c"})
            kernel.awaits(
                name, [&]() -> sim::Frame& { return lock.acquire(kernel); },
                [&](Error*) { CHECK(lock.release(kernel) == nullptr); });
        kernel.run();
        CHECK(kernel.log == Log{"a: ok", "b: ok", "c: ok"});
        CHECK(lock.owner_task == nullptr);
        CHECK(lock.waiters.empty());
    }
}

TEST_CASE("a lock cannot be acquired twice by one task, nor released by another") {
    for (const std::string_view release : kReleases) {
        PrimitivesKernel kernel(release);
        Lock lock;
        kernel.awaits(
            "a", [&]() -> sim::Frame& { return lock.acquire(kernel); },
            [&](Error*) { kernel.log.push_back("again: " + outcome_of(lock.acquire_nowait(kernel))); });
        kernel.spawn({[&](Resume) {
            kernel.log.push_back("nowait: " + outcome_of(lock.acquire_nowait(kernel)));
            kernel.log.push_back("release: " + outcome_of(lock.release(kernel)));
            return Poll::returned();
        }});
        kernel.run();
        CHECK(kernel.log == Log{"nowait: WouldBlock", "release: RuntimeError", "a: ok", "again: RuntimeError"});
    }
}

TEST_CASE("a lock released while its only waiter is being cancelled is free, but not on 4.13.0 until that has run") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        Lock lock;
        Task* waiter = nullptr;
        kernel.spawn({kernel.call_step([&]() -> sim::Frame& { return lock.acquire(kernel); }),
                      [&](Resume) {
                          kernel.cancel_task(*waiter, 0);
                          CHECK(lock.release(kernel) == nullptr);
                          return kernel.call(*kernel.current_task(), lock.acquire(kernel));
                      },
                      [&](Resume) {
                          kernel.log.push_back("acquired again");
                          return Poll::returned();
                      }});
        waiter = &kernel.awaits("waiter", [&]() -> sim::Frame& { return lock.acquire(kernel); });
        kernel.run();
        if (release == "4.13.0")
            CHECK(kernel.log == Log{"waiter: cancelled"});  // #1145: it waits for ever
        else
            CHECK(kernel.log == Log{"waiter: cancelled", "acquired again"});
    }
}

TEST_CASE("a waiter that is cancelled after the hand-over passes the lock on") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        Lock lock;
        Task* first = nullptr;
        kernel.spawn({kernel.call_step([&]() -> sim::Frame& { return lock.acquire(kernel); }), [&](Resume) {
                          CHECK(lock.release(kernel) == nullptr);
                          kernel.cancel_task(*first, 0);
                          return Poll::returned();
                      }});
        first = &kernel.awaits("first", [&]() -> sim::Frame& { return lock.acquire(kernel); });
        Task& second = kernel.awaits("second", [&]() -> sim::Frame& { return lock.acquire(kernel); });
        kernel.run();
        CHECK(kernel.log == Log{"first: cancelled", "second: ok"});
        CHECK(lock.owner_task == &second);
    }
}

TEST_CASE("a semaphore takes no more releases than its maximum, and that error replaces a cancellation") {
    for (const std::string_view release : kReleases) {
        PrimitivesKernel kernel(release);
        Semaphore semaphore{.value = 1, .max_value = 1};
        CHECK(outcome_of(semaphore.release(kernel)) == "ValueError");
        Task& task = kernel.awaits("a", [&]() -> sim::Frame& { return semaphore.acquire(kernel); });
        kernel.at_iteration(1, [&] {
            CHECK(semaphore.value == 0);
            CHECK(semaphore.release(kernel) == nullptr);
            kernel.cancel_task(task, 0);
        });
        kernel.run();
        CHECK(kernel.log == Log{"a: ValueError"});
    }
}

TEST_CASE("a semaphore's permit that meets a cancelled waiter goes to the next") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        Semaphore semaphore;
        Task& first = kernel.awaits("first", [&]() -> sim::Frame& { return semaphore.acquire(kernel); });
        kernel.awaits("second", [&]() -> sim::Frame& { return semaphore.acquire(kernel); });
        kernel.at_iteration(2, [&] {
            kernel.cancel_task(first, 0);
            CHECK(semaphore.release(kernel) == nullptr);
            CHECK(semaphore.waiters.size() == (release == "4.13.0" ? 1 : 0));
        });
        kernel.run();
        CHECK(kernel.log == Log{"first: cancelled", "second: ok"});
        CHECK(semaphore.value == 0);
        CHECK(semaphore.waiters.empty());
    }
}

TEST_CASE(
    "a limiter lets more in than it has while 4.13.0's waiter is woken, and the token is its own from 4.14.2 on") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        CapacityLimiter limiter;
        limiter.set_total_tokens(kernel, 1);
        const Borrower outside = Borrower::named(0);
        REQUIRE(limiter.acquire_on_behalf_of_nowait(kernel, outside) == nullptr);
        kernel.awaits("waiter", [&]() -> sim::Frame& { return limiter.acquire(kernel); });
        kernel.at_iteration(3, [&] {
            CHECK(limiter.release_on_behalf_of(kernel, outside) == nullptr);
            kernel.log.push_back("nowait: " + outcome_of(limiter.acquire_on_behalf_of_nowait(kernel, outside)));
        });
        kernel.run();
        const bool overdrawn = release == "4.13.0";  // #1170
        CHECK(kernel.log == Log{overdrawn ? "nowait: ok" : "nowait: WouldBlock", "waiter: ok"});
        CHECK(limiter.borrowed_tokens == (overdrawn ? 2 : 1));
    }
}

TEST_CASE("a limiter whose total rises wakes as many as it rises by, but from 4.15 on no more than there is room for") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        CapacityLimiter limiter;
        limiter.set_total_tokens(kernel, 2);
        REQUIRE(limiter.acquire_on_behalf_of_nowait(kernel, Borrower::named(0)) == nullptr);
        REQUIRE(limiter.acquire_on_behalf_of_nowait(kernel, Borrower::named(1)) == nullptr);
        kernel.awaits("waiter", [&]() -> sim::Frame& { return limiter.acquire(kernel); });
        kernel.at_iteration(3, [&] {
            limiter.set_total_tokens(kernel, 1);
            limiter.set_total_tokens(kernel, 2);
        });
        kernel.run();
        CHECK(kernel.log == (release == "4.15.1" ? Log{} : Log{"waiter: ok"}));  // #1223
        CHECK(limiter.borrowed_tokens == (release == "4.15.1" ? 2 : 3));
    }
}

TEST_CASE("of two that wait on behalf of one borrower the first is never woken") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        CapacityLimiter limiter;
        limiter.set_total_tokens(kernel, 1);
        const Borrower both = Borrower::named(7);
        REQUIRE(limiter.acquire_on_behalf_of_nowait(kernel, Borrower::named(0)) == nullptr);
        Task& first =
            kernel.awaits("first", [&]() -> sim::Frame& { return limiter.acquire_on_behalf_of(kernel, both); });
        kernel.awaits("second", [&]() -> sim::Frame& { return limiter.acquire_on_behalf_of(kernel, both); });
        kernel.at_iteration(3, [&] { CHECK(limiter.release_on_behalf_of(kernel, Borrower::named(0)) == nullptr); });
        kernel.at_iteration(6, [&] {
            CHECK(limiter.wait_queue.empty());
            kernel.cancel_task(first, 0);
        });
        kernel.run();
        CHECK(kernel.log == Log{"second: ok", "first: cancelled"});
        CHECK(limiter.borrowed_tokens == 1);
    }
}

TEST_CASE("a condition's waiter that was notified and is cancelled passes the notification on, and holds the lock") {
    for (const std::string_view release : kReleases) {
        CAPTURE(release);
        PrimitivesKernel kernel(release);
        Lock lock{.fast_acquire = true};
        Condition condition{.lock = &lock};
        Task* tasks[2]{};
        const auto acquire = [&]() -> sim::Frame& { return condition.acquire(kernel); };
        for (int i = 0; i < 2; ++i)
            tasks[i] =
                &kernel.spawn({kernel.call_step(acquire),
                               [&](Resume) { return kernel.call(*kernel.current_task(), condition.wait(kernel)); },
                               [&, i](Resume with) {
                                   kernel.log.push_back(std::to_string(i) + ": " + outcome_of(with.thrown));
                                   CHECK(lock.owner_task == tasks[i]);
                                   CHECK(condition.release(kernel) == nullptr);
                                   return Poll::ended(with.thrown);
                               }});
        kernel.spawn({kernel.call_step(acquire), [&](Resume) {
                          CHECK(condition.waiters.size() == 2);
                          CHECK(condition.notify(kernel, 1) == nullptr);
                          kernel.cancel_task(*tasks[0], 0);
                          CHECK(condition.release(kernel) == nullptr);
                          return Poll::returned();
                      }});
        kernel.run();
        CHECK(kernel.log == Log{"0: cancelled", "1: ok"});
    }
}

TEST_CASE("a wait without the lock fails, and where the task had it before, its event stays queued") {
    PrimitivesKernel kernel("4.15.1");
    Lock lock{.fast_acquire = true};
    Condition condition{.lock = &lock};
    kernel.awaits("never", [&]() -> sim::Frame& { return condition.wait(kernel); });
    kernel.spawn({kernel.call_step([&]() -> sim::Frame& { return condition.acquire(kernel); }),
                  [&](Resume) {
                      CHECK(condition.release(kernel) == nullptr);
                      return kernel.call(*kernel.current_task(), condition.wait(kernel));
                  },
                  [&](Resume with) {
                      kernel.log.push_back("before: " + outcome_of(with.thrown));
                      CHECK(condition.waiters.size() == 1);
                      CHECK(condition.notify_all(kernel) == nullptr);
                      CHECK(condition.waiters.empty());
                      return Poll::returned();
                  }});
    kernel.run();
    CHECK(kernel.log == Log{"never: RuntimeError", "before: RuntimeError"});
}

}  // namespace cancelsim::model
