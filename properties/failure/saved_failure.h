// Failures as files, so that they replay for ever: also after the generator, which made the case, has changed.
//
// A file holds one JSON object on one line:
//
//   version     2
//   contract    the contract that broke
//   subject     "model": what ran it; or "library": then there are `anyio` ("none" where there is none), `python`, and
//               `patches`, a list of hashes, but no policy, bugs and fixes
//   anyio       such as "4.13.0"; policy, python: as `cancelsim list` names them
//   bugs        a list of names; fixes: another
//   asked       the kinds of choices that the run was asked for: sim::ChoiceKind
//   choices     the answers other than the default, an object each: its question, and `answer`
//   digest      of the trace, 16 hexadecimal digits
//   case        the program, as CASES.md has it
//
// Files of version 1 are read too. They have `kernel` for `anyio`, `defects` for bugs and fixes, no `subject`, and
// `deviations` for choices: [question, answer] each, the question by its number in the run.
#pragma once

#include <string>
#include <string_view>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// The line, with its LF.
std::string to_saved(const Failure& failure);

/// Reads it back. Throws scenarios::CaseError, which names the file, the key, and what was expected.
Failure from_saved(std::string_view text, std::string_view file_name);

/// Writes the failure into a file of `folder`, which there must be, and returns its path. The file is there whole
/// or not at all: see write_whole. It is named by contract and digest; a number is added where another failure has that
/// name already. Throws FailureError where it cannot be written.
std::string save(const Failure& failure, const std::string& folder);

}  // namespace cancelsim::properties
