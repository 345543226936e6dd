// Options that several commands have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "properties/commands/line/command.h"
#include "scenarios/generate/generator.h"

namespace cancelsim::properties {

/// More schedules than anybody can wait for: what is counted never overflows below it.
inline constexpr std::uint64_t kMostSchedules = std::uint64_t{1} << 62;

Option profile_option(std::string& profile);
/// `blocks`, `misuse`, `start`, `objects`, `native`, or `all`: the first two in turn. Throws UsageError.
std::vector<scenarios::Profile> profiles_named(const std::string& name);

Option contract_option(std::vector<std::string>& contracts);
Option strategy_option(std::string& strategy);
/// Sets `jobs` to one for each processor.
Option jobs_option(unsigned& jobs);
/// `each` is what has an object of its own: "a failure".
Option json_option(bool& json, const std::string& each = "");
/// The failure that a command is about, in one or more words: see load_failure.
Option failure_option(std::vector<std::string>& words);
/// `--output`; empty: standard output.
Option output_option(std::string& path, const std::string& help = "the file to write");
/// Writes `text` into the file, or to standard output where `path` is empty. Throws UsageError.
void write_output(const std::string& path, const std::string& text);
/// The project's own path of `name`, a path below its own folder, which is that of this program, or one above it.
/// `name` as it is where there is no such file.
std::string project_file(const std::string& name);
/// The words as one text.
std::string joined_words(const std::vector<std::string>& words);

}  // namespace cancelsim::properties
