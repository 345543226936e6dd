// Random cases: each is made from one 64-bit number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/program/case.h"
#include "scenarios/program/generated_names.h"

namespace cancelsim::scenarios {

/// What a generated case may do.
enum class Profile : std::uint8_t {
    blocks,   ///< scopes and groups as blocks only, every task in a group, every future can be cancelled
    misuse,   ///< also enters and leaves by hand, across tasks and in the wrong order, detached tasks, stubborn futures
    start,    ///< as `blocks`, but with `start` in most, called from anywhere, and detached tasks that call it
    objects,  ///< as `blocks`, with objects that tasks share
    native,   ///< as `blocks`, with asyncio's own timeouts, groups and ways to wait, and detached tasks
    all,      ///< what the others have in one case, but for what is done by hand
};
inline constexpr int kProfiles = 6;

/// Whether its cases share objects.
constexpr bool has_objects(Profile profile) { return profile == Profile::objects || profile == Profile::all; }
/// Whether its cases have asyncio's own cancellers.
constexpr bool has_asyncios_own(Profile profile) { return profile == Profile::native || profile == Profile::all; }

/// `blocks`, `misuse`, `start`, `objects`, `native`, `all`.
std::string_view name_of(Profile profile);
/// The profile of that name, if there is one.
std::optional<Profile> find_profile(std::string_view name);

/// Makes the case that `seed` stands for; equal arguments give equal cases on every compiler. Reuses the memory of
/// `into`: in the steady state nothing is allocated. The case is valid, and named after its seed, such as `b2a`. It
/// mostly ends by itself; a task that waits for ever is legal, and so is a run that spins.
void generate(Profile profile, std::uint64_t seed, Case& into);

}  // namespace cancelsim::scenarios
