// Failures as a person, or a machine, reads them.
#pragma once

#include <string>
#include <string_view>

#include "properties/failure/replay.h"
#include "properties/search/hunt.h"

namespace cancelsim::properties {

/// `1,234,567`.
std::string count_text(std::uint64_t count);

/// The command that replays it.
std::string replay_command(const Failure& failure);
/// The same of a token of a failure on `config`.
std::string replay_command(const std::string& token, const Subject& config);
/// A line of a report, `  name      text`, wrapped.
std::string field_text(std::string_view name, const std::string& text);

/// What broke, what was promised, what happened, and the program, over several lines.
std::string failure_text(const Failure& failure, const Account& account, const Labelled& labelled);
/// One JSON object: contract, place, label, kernel, what happened, the trace ...
std::string account_json(const Failure& failure, const Account& account, const Labelled& labelled);

/// `failure_text`, and, on the model, the run from its beginning to its end.
std::string replay_text(const Failure& failure, const Account& account, const Labelled& labelled);

/// How many of them nobody knows yet: what the exit code of a hunt is about.
std::size_t count_news(const std::vector<Found>& found);
/// What a hunt has done, seen and found, and what that says about the schedules that it has not run, in a few lines.
std::string summary_text(const HuntOptions& options, const HuntResult& result);
/// The same, as one JSON object. `bound`: with 95 % confidence, a smaller share of such schedules breaks a contract
/// otherwise; null where something was broken, or the schedules were too few.
std::string summary_json(const HuntOptions& options, const HuntResult& result);

/// What a hunt prints at its end: what is broken in full, the known findings a line each, then the summary. More than
/// three broken ones, and known ones, are in full only if `all`. `files` are where they were saved, each "" if it was
/// not.
std::string hunt_text(const HuntOptions& options, const HuntResult& result, const std::vector<std::string>& files,
                      bool all);

/// A found failure, over several lines; the last is the command that replays it. `file` is where it was saved, if it
/// was.
std::string found_text(const Found& found, const std::string& file = {});

/// One JSON object: contract, place, kernel, policy, python, token, statements, schedules, what it was shrunk from ...
std::string found_json(const Found& found, const std::string& file = {});

}  // namespace cancelsim::properties
