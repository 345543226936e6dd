// A hunt in its steady state makes no heap allocation: counted by an `operator new` of this program's own.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <new>

#include "properties/search/hunt.h"
#include "properties/search/strategies.h"
#include "properties/subject/config_names.h"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 inlines only one of a replaced pair, and takes what is left for a mismatch.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace {

/// Allocations of this thread while `counting`.
thread_local std::size_t allocations = 0;
thread_local bool counting = false;

void* counted(void* memory) {
    if (counting) ++allocations;
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

std::size_t rounded(std::size_t size, std::align_val_t alignment) {
    const auto unit = static_cast<std::size_t>(alignment);
    return (size + unit - 1) / unit * unit;
}

}  // namespace

// All forms: a sanitizer has its own of those that are left out, and its own opinion of what may free what they return.
void* operator new(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }
void* operator new[](std::size_t size) { return ::operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    if (counting) ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept { return ::operator new(size, nothrow); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return counted(std::aligned_alloc(static_cast<std::size_t>(alignment), rounded(size == 0 ? 1 : size, alignment)));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace cancelsim::properties {

namespace {

constexpr std::uint64_t kSchedules = 2000;

/// Counts the allocations of what `each` does.
template <class Each>
std::size_t allocations_of(Each each) {
    allocations = 0;
    counting = true;
    each();
    counting = false;
    return allocations;
}

/// What one worker of a hunt does, schedule after schedule.
class Loop {
public:
    Loop(std::string_view kernel, std::string_view policy, std::string_view strategy)
        : runner_(make_contracts()), strategy_(find_strategy(strategy)->make(sim::kAsyncioKinds, 0)) {
        options_.config = ConfigNames{.anyio = std::string(kernel), .policy = std::string(policy)}.resolve();
        options_.profiles = {scenarios::Profile::misuse, scenarios::Profile::blocks};
    }

    void run() {
        for (std::uint64_t index = 0; index < kSchedules; ++index) {
            std::uint64_t seed = 0;
            make_schedule(options_, index, program_, seed);
            runner_.run(program_, options_.config, strategy_->begin(seed));
        }
    }

private:
    HuntOptions options_;
    Runner runner_;
    std::unique_ptr<SeededChoices> strategy_;
    scenarios::Case program_;
};

}  // namespace

TEST_CASE("the counting allocator counts") {
    CHECK(allocations_of([] {}) == 0);
    // Calls by name: a compiler may leave out the pair of a new and a delete expression.
    CHECK(allocations_of([] { ::operator delete(::operator new(1)); }) == 1);
    CHECK(allocations_of([] { ::operator delete[](::operator new[](100)); }) == 1);
    CHECK(allocations_of([] { ::operator delete(::operator new(1, std::nothrow)); }) == 1);
    constexpr std::align_val_t kWide{64};
    CHECK(allocations_of([] { ::operator delete(::operator new(1, kWide), kWide); }) == 1);
}

TEST_CASE("generating, preparing and running a case under all contracts allocates nothing once it has warmed up") {
    for (const StrategyEntry& strategy : all_strategies()) {
        if (strategy.make == nullptr) continue;
        for (const auto& kernel : {std::pair{"4.13.0", "upstream"}, {"4.13.0", "v3"}, {"4.14.2", "narrow"}}) {
            INFO(kernel.first, " ", kernel.second, ", strategy ", std::string(strategy.name));
            Loop loop(kernel.first, kernel.second, strategy.name);
            CHECK(allocations_of([&] { loop.run(); }) > 0);
            CHECK(allocations_of([&] { loop.run(); }) == 0);
        }
    }
}

}  // namespace cancelsim::properties
