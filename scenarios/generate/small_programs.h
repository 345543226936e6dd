// Every small program of three tasks: what `cancelsim verify --alphabet objects|native` runs. properties/VERIFY.md
// states the alphabets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// What small cases are written in.
enum class Alphabet : std::uint8_t {
    scopes,   ///< scopes and groups, `main` and one task: see small_scope.h
    objects,  ///< `main` and two tasks of a group, and one object that they share
    native,   ///< the same without an object, but with asyncio's own cancellers and ways to wait
};
std::string_view name_of(Alphabet alphabet);
std::optional<Alphabet> find_alphabet(std::string_view name);

/// Calls `visit` for each case of `alphabet` whose three tasks have exactly `statements` (at most
/// kMostSmallStatements) statements together, the group and the spawning of the tasks not counted, once each and in a
/// fixed order, until it returns false. The case is valid while `visit` runs; it has no environment, and its name is
/// empty. Of the alphabet `scopes` the same as for_each_small_case.
void for_each_small_program(Alphabet alphabet, std::uint32_t statements, const std::function<bool(Case&)>& visit);

}  // namespace cancelsim::scenarios
