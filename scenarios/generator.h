// Random cases: each is made from one 64-bit number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/case.h"

namespace cancelsim::scenarios {

/// What a generated case may do.
enum class Profile : std::uint8_t {
    blocks,  ///< scopes and groups as blocks only, every task in a group, every future can be cancelled
    misuse,  ///< also enters and leaves by hand, across tasks and in the wrong order, detached tasks, stubborn futures
};
inline constexpr int kProfiles = 2;

/// `blocks`, `misuse`.
std::string_view name_of(Profile profile);
/// The profile of that name, if there is one.
std::optional<Profile> find_profile(std::string_view name);

/// Makes the case that `seed` stands for; equal arguments give equal cases on every compiler. Reuses the memory of
/// `into`: in the steady state nothing is allocated. The case is valid, and named after its seed, such as `b2a`. It
/// mostly ends by itself; a task that waits for ever is legal, and so is a run that spins.
void generate(Profile profile, std::uint64_t seed, Case& into);

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

}  // namespace generated

}  // namespace cancelsim::scenarios
