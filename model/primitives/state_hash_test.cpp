// The hash of the state has each part of a primitive that decides how a run goes on.
#include "model/state_hash.h"

#include <doctest/doctest.h>

#include "model/primitives/capacity_limiter.h"
#include "model/primitives/condition.h"
#include "model/primitives/memory_stream.h"
#include "model/primitives/semaphore.h"
#include "model/primitives/testing.h"

namespace cancelsim::model {

namespace {

/// The hash of a kernel and of `objects`.
template <class... Objects>
std::uint64_t hash_of(const Kernel& kernel, const Objects&... objects) {
    StateHash hash;
    hash.begin(kernel);
    (objects.add_to(hash), ...);
    hash.add_kernel(kernel);
    CHECK(hash.is_sound());
    return hash.value();
}

}  // namespace

TEST_CASE("who holds a lock, and how many permits and tokens there are, counts") {
    PrimitivesKernel kernel("4.15.1");
    Lock lock;
    Semaphore semaphore{.value = 1};
    CapacityLimiter limiter;
    limiter.set_total_tokens(kernel, 2);
    const auto hash = [&] { return hash_of(kernel, lock, semaphore, limiter); };
    const std::uint64_t free = hash();
    CHECK(semaphore.acquire_nowait(kernel) == nullptr);
    const std::uint64_t taken = hash();
    CHECK(taken != free);
    CHECK(semaphore.release(kernel) == nullptr);
    CHECK(hash() == free);
    CHECK(limiter.acquire_on_behalf_of_nowait(kernel, Borrower::named(0)) == nullptr);
    const std::uint64_t one = hash();
    CHECK(one != free);
    CHECK(limiter.release_on_behalf_of(kernel, Borrower::named(0)) == nullptr);
    CHECK(limiter.acquire_on_behalf_of_nowait(kernel, Borrower::named(1)) == nullptr);
    CHECK(hash() != one);
    CHECK(limiter.release_on_behalf_of(kernel, Borrower::named(1)) == nullptr);
    limiter.set_total_tokens(kernel, 3);
    CHECK(hash() != free);
    limiter.set_total_tokens(kernel, 2);
    kernel.spawn({[&](sim::Resume) {
        CHECK(lock.acquire_nowait(kernel) == nullptr);
        return sim::Poll::returned();
    }});
    kernel.run();
    const std::uint64_t held = hash();
    lock.owner_task = nullptr;
    CHECK(hash() != held);
}

TEST_CASE("who waits for what, in which order, counts") {
    const auto after = [](bool swapped, std::int64_t iteration) {
        PrimitivesKernel kernel("4.15.1");
        Lock first;
        Lock second;
        Condition condition{.lock = &second};
        SendStream send;
        ReceiveStream receive;
        StreamState& stream = create_memory_object_stream(kernel, 0, send, receive);
        Item item = 0;
        std::uint64_t hash = 0;
        const auto acquire = [&](Lock& lock) {
            kernel.awaits("acquire", [&]() -> sim::Frame& { return lock.acquire(kernel); });
        };
        for (int i = 0; i < 2; ++i) acquire(first);
        acquire(swapped ? first : second);
        acquire(second);
        kernel.awaits("receive", [&]() -> sim::Frame& { return receive.receive(kernel, item); });
        kernel.at_iteration(static_cast<std::uint64_t>(iteration),
                            [&] { hash = hash_of(kernel, first, condition, stream); });
        kernel.run();
        return hash;
    };
    CHECK(after(false, 4) == after(false, 4));
    CHECK(after(false, 4) != after(true, 4));
    CHECK(after(false, 1) != after(false, 4));
}

TEST_CASE("what is in a stream counts, and in which order") {
    const auto with = [](std::vector<Item> items) {
        PrimitivesKernel kernel("4.15.1");
        SendStream send;
        ReceiveStream receive;
        StreamState& stream = create_memory_object_stream(kernel, 9, send, receive);
        for (const Item item : items) CHECK(send.send_nowait(kernel, item) == nullptr);
        return hash_of(kernel, stream);
    };
    CHECK(with({1, 2}) == with({1, 2}));
    CHECK(with({1, 2}) != with({2, 1}));
    CHECK(with({1}) != with({}));
}

}  // namespace cancelsim::model
