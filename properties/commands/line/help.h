// The commands' texts for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "properties/commands/line/command.h"

namespace cancelsim::properties {

/// The options that every command has.
struct Anywhere {
    std::string color;  ///< empty: not given
    std::optional<std::uint64_t> bytes;
    std::optional<double> seconds;
};

/// The options that are given before a command: `--version --verbose`, and those that each command has.
std::vector<Option> options_before(bool& version, bool& verbose, Anywhere& anywhere);
std::vector<Option> options_anywhere(Anywhere& anywhere);

/// The text of `cancelsim --help`: the commands, and the exit codes.
std::string overview_text(const std::vector<Command>& commands);
/// The text of `cancelsim COMMAND --help`, as wide as the terminal.
std::string help_text(const Command& command);
/// The version; `verbose`: also the compiler, and the libraries with their versions and licences.
std::string version_text(bool verbose);

/// Describes cancelsim in a sentence.
std::string_view description();
/// Each exit code, with its meaning.
std::vector<std::pair<int, std::string_view>> exit_codes();

/// The names that an option can be given, where there are such.
Names names_to_choose(const Option& option);
/// `--seed SEED`: how an option is written, by each of its names.
std::string usage_of(const Option& option);
/// Describes an option: what it is, which names there are, and the default.
std::string described(const Option& option);

}  // namespace cancelsim::properties
