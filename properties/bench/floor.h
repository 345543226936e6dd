// The floor: the least that such a simulator could cost. Hand-written coroutines on a bump arena, with a ready queue
// and a heap, and none of asyncio's or anyio's semantics.
#pragma once

#include <cstdint>

namespace cancelsim::properties::floor {

/// One program of the shape of W1; returns the steps it took.
std::uint64_t w1(std::uint64_t seed);
/// Two coroutines that alternate, `switches` in all.
std::uint64_t w2(std::int64_t switches);
/// `tasks` coroutines that sleep 10 random times each.
std::uint64_t w3(std::int64_t tasks);
/// Three coroutines of four yields each.
std::uint64_t w5(std::uint64_t seed);

}  // namespace cancelsim::properties::floor
