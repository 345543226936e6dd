// Cases as JSON lines. CASES.md is the definition of the format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"

namespace cancelsim::scenarios {

class JsonTree;

/// What is wrong with a case, as one line: `FILE:LINE: KEY-PATH: expected ..., got ...`. A key path
/// is written like `main[2].body[0].for`; that of the whole case is `case`.
struct CaseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// How deep statements may be nested: those of `main` are at level 1. Every walk over a case may
/// recurse this far.
inline constexpr std::size_t kMaxLevels = 64;

/// Whether the text can name something in a case: one or more ASCII letters, digits, `_`, `-`.
bool is_name(std::string_view text);

/// The cases of a JSONL file, in order; blank lines are skipped. Throws CaseError at the first
/// fault.
std::vector<Case> read_cases(std::istream& input, std::string_view file_name);

/// The case that one line holds. The file's name and the line's number are for the error only.
Case parse_case(std::string_view json_line, std::string_view file_name, std::size_t line);

/// The case that node `object` of a larger tree holds.
Case parse_case(const JsonTree& tree, std::uint32_t object);

/// The case as one line of compact JSON without its LF: ASCII only, keys in the order of the
/// recorded corpora, what is at its default left out (save `then`). Reading it back gives the same
/// program, and an equal Case if `names` holds just the names in use, in the order of their first
/// use: so it does in every case that was read.
std::string to_json(const Case& program);

}  // namespace cancelsim::scenarios
