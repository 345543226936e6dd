// A case as a few bytes: what a token carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

/// Everything of `program` but its name; equal programs give equal bytes, whatever else their
/// tables of names hold.
std::string encode_case(const Case& program);

/// The case that `bytes` encode, called `case`; nothing where they are no valid case.
std::optional<Case> decode_case(std::string_view bytes);

/// Numbers in 7 bits a byte, lowest first.
void put_number(std::string& bytes, std::uint64_t number);
/// Takes one from the front of `bytes`; nothing where they end too early or the number exceeds 64
/// bits.
std::optional<std::uint64_t> take_number(std::string_view& bytes);

}  // namespace cancelsim::scenarios
