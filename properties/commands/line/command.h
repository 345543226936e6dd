// Commands and their options, as data. The command line is read by it (parse.h); the help, the manual page and the
// shells' completions are written from it (help.h, shells.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cancelsim::properties {

/// Names of which one is meant.
using Names = std::vector<std::string>;

// The types of options. Each holds the variable that is set; what it holds beforehand is the default.

/// On where it is given.
struct Flag {
    bool* value;
};

/// A whole number from `least` to `most`, in digits alone, without zeros before them.
struct Number {
    std::variant<std::uint64_t*, std::uint32_t*, std::optional<std::uint64_t>*> value;
    std::uint64_t least;
    std::uint64_t most;
};

/// Any number below 2^64, or the hash of a commit: 7 to 40 hexadecimal digits, the first 15 of which are the number. A
/// hash without a letter must be whole.
struct Seed {
    std::variant<std::uint64_t*, std::optional<std::uint64_t>*> value;
};

/// Seconds, more than 0: `30s`, `5m`, `2h`, or a number of seconds.
struct Duration {
    std::optional<double>* value;
};

/// Bytes, at least `least`: `500M`, `2G`, or a number of bytes.
struct Size {
    std::optional<std::uint64_t>* value;
    std::uint64_t least;
};

/// One of `among`; another is refused as an unknown `what`. A list may be given more than once, and is checked
/// likewise.
struct Word {
    std::variant<std::string*, std::vector<std::string>*> value;
    std::string_view what;
    Names among;
};

/// Text that the command itself looks at. `placeholder` stands for it in the help; where that is FILE or DIR, the
/// shells complete it by the names of files or folders, and by `known` otherwise.
struct Text {
    std::variant<std::string*, std::vector<std::string>*> value;
    std::string placeholder;
    Names known = {};
};

/// `I/N`: the Ith of N parts, I from 1 to N, N at most `most`.
struct Part {
    std::uint64_t* part;
    std::uint64_t* parts;
    std::uint64_t most;
};

struct Option {
    /// `--jobs,-j`; the first is the one that messages use. Without a dash: the name of an argument, in capitals.
    std::string names;
    std::variant<Flag, Number, Seed, Duration, Size, Part, Word, Text> value;
    std::string help;           ///< what it is, a phrase without a full stop
    std::string preset = {};    ///< the default in words, where the variable does not hold it
    bool required = false;      ///< for arguments
    std::string excludes = {};  ///< the first name of an option that may not be given besides
    bool hidden = false;        ///< not in the help: an older name
    bool* given = nullptr;      ///< set where it was given
};

struct Command {
    std::string name;
    std::string summary;  ///< one sentence, without its full stop
    std::vector<Option> options;
    std::function<int()> run;  ///< gives the exit code
    /// When that is 1; empty: never.
    std::string_view broken = {};
    std::vector<std::string> examples = {};  ///< lines for a shell in an empty folder
};

/// The names of an option, one by one: `--jobs`, `-j`.
std::vector<std::string> names_of(const Option& option);
/// The first of them.
std::string first_name(const Option& option);
/// Whether it is given by its place, not by a name.
bool is_argument(const Option& option);
/// Whether it may be given, or have a value, more than once.
bool is_list(const Option& option);

}  // namespace cancelsim::properties
