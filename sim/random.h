// A small deterministic source of random numbers: the same on every compiler and machine.
//
// Source: xoshiro256** 1.0 and splitmix64, David Blackman and Sebastiano Vigna,
// https://prng.di.unimi.it/ (public domain). The distributions of <random> are not used anywhere:
// each standard library has its own.
#pragma once

#include <cstdint>

namespace cancelsim::sim {

/// The next number of the splitmix64 sequence whose state is `state`: for seeds, since it takes any
/// state, also 0.
constexpr std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

/// xoshiro256**: a nanosecond a number. Equal seeds give equal sequences; neighbouring seeds give
/// unrelated ones.
class Random {
public:
    explicit constexpr Random(std::uint64_t seed) {
        for (std::uint64_t& word : state_) word = splitmix64(seed);
    }

    /// 64 random bits.
    constexpr std::uint64_t next() {
        const std::uint64_t result = rotate_left(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate_left(state_[3], 45);
        return result;
    }

    /// A number in [0, bound), of one draw; `bound` is at least 1. Multiply and shift: a number is
    /// more likely than another by at most bound / 2^32, which no search for bugs can notice.
    constexpr std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(((next() >> 32) * bound) >> 32);
    }

    /// True in `numerator` of `denominator` cases; `denominator` is at least 1.
    constexpr bool chance(std::uint32_t numerator, std::uint32_t denominator) { return below(denominator) < numerator; }

private:
    static constexpr std::uint64_t rotate_left(std::uint64_t word, unsigned by) {
        return (word << by) | (word >> (64 - by));
    }

    std::uint64_t state_[4] = {};
};

}  // namespace cancelsim::sim
