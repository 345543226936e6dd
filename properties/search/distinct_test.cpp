#include "properties/search/distinct.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "sim/random.h"

namespace cancelsim::properties {

namespace {

/// The hash of the thing number `i`.
std::uint64_t hash_of(std::uint64_t i) {
    std::uint64_t state = i;
    return sim::splitmix64(state);
}

DistinctCounter counter_of(std::uint64_t begin, std::uint64_t end, std::uint64_t times = 1) {
    DistinctCounter counter;
    for (std::uint64_t time = 0; time < times; ++time)
        for (std::uint64_t i = begin; i < end; ++i) counter.add(hash_of(i));
    return counter;
}

}  // namespace

TEST_CASE("up to the number that are kept, distinct things are counted exactly") {
    CHECK(DistinctCounter().distinct() == 0);
    CHECK(DistinctCounter().rate_of_new() == 1);
    for (const std::uint64_t count : {std::uint64_t{1}, std::uint64_t{1000}, std::uint64_t{DistinctCounter::kKept}}) {
        CHECK(counter_of(0, count).distinct() == static_cast<double>(count));
        CHECK(counter_of(0, count, 7).distinct() == static_cast<double>(count));
        CHECK(counter_of(0, count, 7).seen() == 7 * count);
    }
}

TEST_CASE("beyond, the estimate is right to four standard errors") {
    for (const std::uint64_t count : {5'000, 20'000, 300'000, 2'000'000}) {
        const double estimate = counter_of(0, count).distinct();
        INFO(estimate, " of ", count);
        CHECK(std::abs(estimate / static_cast<double>(count) - 1) < 4 * 0.016);
    }
}

TEST_CASE("the rate of new ones is the share of those that came once") {
    CHECK(counter_of(0, 1000).rate_of_new() == 1);
    CHECK(counter_of(0, 1000, 2).rate_of_new() == 0);
    DistinctCounter mixed = counter_of(0, 100, 5);
    mixed.add(counter_of(100, 200));
    CHECK(mixed.rate_of_new() == doctest::Approx(100.0 / 600));
}

TEST_CASE("the rate of new ones foretells what comes next") {
    constexpr std::uint64_t kThings = 50'000;
    sim::Random random(1);
    DistinctCounter counter;
    std::vector<bool> known(kThings);
    std::uint64_t news = 0;
    const auto draw = [&] {
        const std::uint64_t thing = random.below(kThings);
        news += known[thing] ? 0 : 1;
        known[thing] = true;
        counter.add(hash_of(thing));
    };
    for (int i = 0; i < 60'000; ++i) draw();
    const double foretold = counter.rate_of_new();
    news = 0;
    for (int i = 0; i < 2'000; ++i) draw();
    CHECK(static_cast<double>(news) / 2'000 == doctest::Approx(foretold).epsilon(0.1));
}

TEST_CASE("what a counter says does not depend on how things were shared out, nor on their order") {
    const DistinctCounter whole = counter_of(0, 40'000, 2);
    DistinctCounter parts = counter_of(20'000, 40'000, 2);
    parts.add(counter_of(0, 20'000));
    parts.add(DistinctCounter());
    parts.add(counter_of(0, 15'000));
    parts.add(counter_of(15'000, 20'000));
    CHECK(parts.seen() == whole.seen());
    CHECK(parts.distinct() == whole.distinct());
    CHECK(parts.rate_of_new() == whole.rate_of_new());
}

TEST_CASE("a counter goes through bytes and stays what it is, and what is no counter is refused") {
    for (const std::uint64_t count : {0, 1, 4096, 4097, 50'000}) {
        INFO(count);
        const DistinctCounter counter = counter_of(0, count, 2);
        const std::string bytes = counter.bytes();
        CHECK(bytes.size() <= 70'000);
        auto back = DistinctCounter::from_bytes(bytes);
        REQUIRE(back);
        CHECK(back->bytes() == bytes);
        DistinctCounter both = counter_of(40'000, 60'000);
        back->add(both);
        both.add(counter);
        CHECK(back->seen() == both.seen());
        CHECK(back->distinct() == both.distinct());
        CHECK(back->rate_of_new() == both.rate_of_new());
        CHECK_FALSE(DistinctCounter::from_bytes(bytes.substr(1)));
        if (count == 0) continue;
        CHECK_FALSE(DistinctCounter::from_bytes(bytes.substr(0, bytes.size() - 16)));
        std::string swapped = bytes;
        swapped[8] = '\0';  // of its limit
        CHECK_FALSE(DistinctCounter::from_bytes(swapped));
    }
    CHECK_FALSE(DistinctCounter::from_bytes(""));
}

}  // namespace cancelsim::properties
