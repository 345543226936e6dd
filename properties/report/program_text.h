// What is said of programs of the user's own.
#pragma once

#include <string>

#include "properties/programs/program_search.h"
#include "properties/programs/program_story.h"

namespace cancelsim::properties {

/// What a search found and how much it has run. Of failures that are known only a line each, unless `all` is wanted.
std::string program_text(const ProgramResult& result, bool all);
/// One JSON object.
std::string program_json(const ProgramResult& result);

/// What breaks on one library and not on the other, a line each.
std::string difference_text(const ProgramResult& here, const ProgramResult& there);
/// One JSON object: `only_on` the first, and `only_against` the second.
std::string difference_json(const ProgramResult& here, const ProgramResult& there);

/// A failure in full, without what it was found by.
std::string failure_text(const ProgramFailure& failure, const ProgramAccount& account);
/// The same with the story of its run.
std::string explanation_text(const ProgramFailure& failure, const ProgramExplanation& explanation);
/// One JSON object each.
std::string account_json(const ProgramFailure& failure, const ProgramAccount& account);
std::string explanation_json(const ProgramFailure& failure, const ProgramExplanation& explanation);

/// `./cancelsim replay TOKEN --on PYTHON`, with its patches.
std::string replay_command(const ProgramFailure& failure);

}  // namespace cancelsim::properties
