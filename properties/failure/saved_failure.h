// Failures as files, so that they replay for ever: also after the generator, which made the case, has changed.
//
// A file holds one JSON object on one line:
//
//   version     1
//   contract    the contract that broke
//   kernel      such as "4.13.0"; policy, python: as `cancelsim list` names them
//   defects     a list of names
//   asked       the kinds of choices that the run was asked for: sim::ChoiceKind
//   deviations  the answers other than the default, [question, answer] each, in the order of their questions
//   digest      of the trace, 16 hexadecimal digits
//   case        the program, as CASES.md has it
#pragma once

#include <string>
#include <string_view>

#include "properties/failure/failure.h"

namespace cancelsim::properties {

/// The line, with its LF.
std::string to_saved(const Failure& failure);

/// Reads it back. Throws scenarios::CaseError, which names the file, the key, and what was expected.
Failure from_saved(std::string_view text, std::string_view file_name);

/// Makes `folder` if need be, and tries it. Throws FailureError where nothing can be saved there.
void prepare_folder(const std::string& folder);

/// Writes the failure into a file of `folder`, which there must be, and returns its path. The file is there whole
/// or not at all. It is named by contract and digest; a number is added where another failure has that name already.
/// Throws FailureError where it cannot be written.
std::string save(const Failure& failure, const std::string& folder);

}  // namespace cancelsim::properties
