// How generated and shrunk cases name things.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// The names of generated cases. Every generated case has all of them, in this order, whether it uses them or not, so
/// that a name's number is a constant.
namespace generated {

inline constexpr std::uint32_t kScopes = 10;
inline constexpr std::uint32_t kGroups = 6;
inline constexpr std::uint32_t kTasks = 10;
inline constexpr std::uint32_t kEach = 3;  ///< events, futures, errors

inline constexpr Name kMain = 0;
constexpr Name scope(std::uint32_t i) { return 1 + i; }
constexpr Name group(std::uint32_t i) { return scope(kScopes) + i; }
constexpr Name task(std::uint32_t i) { return group(kGroups) + i; }
constexpr Name event(std::uint32_t i) { return task(kTasks) + i; }
constexpr Name future(std::uint32_t i) { return event(kEach) + i; }
constexpr Name error(std::uint32_t i) { return future(kEach) + i; }
inline constexpr Name kNote = error(kEach);

inline constexpr std::array<std::string_view, kNote + 1> kNames{
    "main", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "g0", "g1", "g2", "g3", "g4", "g5", "t0", "t1",
    "t2",   "t3", "t4", "t5", "t6", "t7", "t8", "t9", "e0", "e1", "e2", "f0", "f1", "f2", "E0", "E1", "E2", "n",
};
static_assert(kNames[scope(0)] == "s0" && kNames[group(0)] == "g0" && kNames[task(0)] == "t0" &&
              kNames[event(0)] == "e0" && kNames[future(0)] == "f0" && kNames[error(0)] == "E0" &&
              kNames[kNote] == "n");

/// The names that cases with objects have after these.
inline constexpr std::uint32_t kObjects = 3;
inline constexpr std::uint32_t kClones = 3;
inline constexpr std::uint32_t kBorrowers = 2;
constexpr Name object(std::uint32_t i) { return kNote + 1 + i; }
constexpr Name clone(std::uint32_t i) { return object(kObjects) + i; }
constexpr Name borrower(std::uint32_t i) { return clone(kClones) + i; }

inline constexpr std::array<std::string_view, kObjects + kClones + kBorrowers> kObjectNames{"x0", "x1", "x2", "x3",
                                                                                            "x4", "x5", "b0", "b1"};

/// The names that cases with asyncio's own have after all these.
inline constexpr std::uint32_t kTimeouts = 4;
inline constexpr std::uint32_t kAsyncioGroups = 4;
constexpr Name timeout(std::uint32_t i) { return borrower(kBorrowers) + i; }
constexpr Name asyncio_group(std::uint32_t i) { return timeout(kTimeouts) + i; }

inline constexpr std::array<std::string_view, kTimeouts + kAsyncioGroups> kNativeNames{"T0", "T1", "T2", "T3",
                                                                                       "G0", "G1", "G2", "G3"};

}  // namespace generated

}  // namespace cancelsim::scenarios
