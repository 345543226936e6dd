#include "properties/commands/line/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>
#include <zstd.h>

#include <CLI/Version.hpp>
#include <algorithm>
#include <nlohmann/detail/abi_macros.hpp>

#include "properties/commands/line/overloaded.h"
#include "properties/report/terminal.h"
#include "properties/report/wrap.h"
#include "properties/subject/limits.h"

namespace cancelsim::properties {

namespace {

/// Where the right column begins; an option that is longer has a line of its own.
constexpr std::size_t kColumn = 26;
/// More names than these are listed by `cancelsim list` only.
constexpr std::size_t kMostListed = 12;

std::string placeholder_of(const Option& option) {
    return std::visit(
        Overloaded{[](const Flag&) { return std::string(); }, [](const Number&) { return std::string("N"); },
                   [](const Seed&) { return std::string("SEED"); }, [](const Duration&) { return std::string("TIME"); },
                   [](const Size&) { return std::string("SIZE"); }, [](const Part&) { return std::string("I/N"); },
                   [](const Word&) { return std::string("NAME"); }, [](const Text& text) { return text.placeholder; }},
        option.value);
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

std::string text_in(const std::variant<std::string*, std::vector<std::string>*>& value) {
    return std::visit(Overloaded{[](const std::string* text) { return *text; },
                                 [](const std::vector<std::string>* list) { return joined(*list); }},
                      value);
}

/// The default that the variable holds, in words; empty where there is none.
std::string default_of(const Option& option) {
    if (!option.preset.empty()) return option.preset;
    using Maybe = std::optional<std::uint64_t>;
    const Overloaded number{
        [](const Maybe* value) { return *value ? std::to_string(**value) : std::string(); },
        [](const auto* value) { return std::to_string(*value); },
    };
    return std::visit(
        Overloaded{[](const Flag&) { return std::string(); },
                   [&](const Number& each) { return std::visit(number, each.value); },
                   [&](const Seed& each) { return std::visit(number, each.value); },
                   [](const Duration&) { return std::string(); }, [](const Size&) { return std::string(); },
                   [](const Part&) { return std::string(); }, [](const Word& word) { return text_in(word.value); },
                   [](const Text& text) { return text_in(text.value); }},
        option.value);
}

/// `left      right`, the right column wrapped.
std::string entry(const std::string& left, const std::string& right, std::size_t column) {
    const std::string indent(column, ' ');
    const bool own_line = width_of(left) + 2 > column;
    const auto lines = wrapped(right, columns_of_output() - column, "");
    return fmt::format("{:<{}}{}{}\n", left, column, own_line ? "\n" + indent : "", fmt::join(lines, "\n" + indent));
}

std::string paragraph(std::string_view text) {
    return fmt::format("{}\n", fmt::join(wrapped(std::string(text), columns_of_output(), ""), "\n"));
}

/// `broken` is what 1 means.
std::string exit_codes_text(std::string_view broken) {
    std::string text = fmt::format("\n{}\n", bold("Exit codes:"));
    for (const auto& [code, meaning] : exit_codes())
        text += entry(fmt::format("  {}", code), std::string(code == 1 ? broken : meaning), 5);
    return text;
}

std::string entries(const std::vector<Option>& options) {
    std::string text;
    for (const Option& option : options)
        if (!option.hidden) text += entry("  " + usage_of(option), described(option), kColumn);
    return text;
}

}  // namespace

std::string_view description() {
    return "Hunts for broken promises in structured-concurrency cancellation: anyio's cancel scopes and task groups on "
           "a "
           "deterministic asyncio.";
}

std::vector<std::pair<int, std::string_view>> exit_codes() {
    return {{0, "nothing broken"},
            {1, "a contract broken, or traces that differ"},
            {2, "bad usage or input"},
            {3, "an internal fault, or a run that could not be repeated"}};
}

Names names_to_choose(const Option& option) {
    if (const auto* word = std::get_if<Word>(&option.value)) return word->among;
    if (const auto* text = std::get_if<Text>(&option.value)) return text->known;
    return {};
}

std::vector<Option> options_before(bool& version, bool& verbose, Anywhere& anywhere) {
    std::vector<Option> options{
        {"--version", Flag{&version}, "the version"},
        {"--verbose", Flag{&verbose}, "with --version: also the libraries, their versions and licences"},
    };
    for (Option& option : options_anywhere(anywhere)) options.push_back(std::move(option));
    return options;
}

std::vector<Option> options_anywhere(Anywhere& anywhere) {
    const Limits otherwise;
    return {{.names = "--color",
             .value = Word{&anywhere.color, "choice", {"auto", "always", "never"}},
             .help = "colour; auto: on a terminal, unless NO_COLOR is set or TERM is dumb",
             .preset = "auto"},
            {.names = "--max-memory",
             .value = Size{&anywhere.bytes, kLeastBytes},
             .help = "what a thread may hold; a run that needs more is refused, and left out by a hunt",
             .preset = fmt::format("{}G", otherwise.bytes >> 30)},
            {.names = "--max-time",
             .value = Duration{&anywhere.seconds},
             .help = "what a run may take; a longer one is refused, and left out by a hunt",
             .preset = fmt::format("{:g}s", otherwise.seconds)}};
}

std::string usage_of(const Option& option) {
    std::string text = joined(names_of(option));
    const std::string placeholder = placeholder_of(option);
    if (is_argument(option)) return text + (is_list(option) ? "..." : "");
    return placeholder.empty() ? text : text + " " + placeholder;
}

std::string described(const Option& option) {
    std::string text = option.help;
    const Names names = names_to_choose(option);
    if (names.size() > kMostListed)
        text += " (see `cancelsim list`)";
    else if (!names.empty())
        text += ": " + joined(names);
    if (is_list(option) && !is_argument(option)) text += "; may be given again";
    const std::string preset = default_of(option);
    return preset.empty() ? text : fmt::format("{} (default {})", text, preset);
}

std::string overview_text(const std::vector<Command>& commands) {
    std::string text = paragraph(description());
    text += fmt::format("\n{}\n  cancelsim COMMAND [OPTION...]\n\n{}\n", bold("Usage:"), bold("Commands:"));
    for (const Command& command : commands) text += entry("  " + command.name, command.summary, 14);
    bool flag = false;
    Anywhere anywhere;
    text += fmt::format("\n{}\n", bold("Options:")) + entries(options_before(flag, flag, anywhere));
    text += entry("  -h, --help", "this text, or that of a command", kColumn);
    return text + exit_codes_text("a contract broken, or traces that differ");
}

std::string help_text(const Command& command) {
    std::string usage = "cancelsim " + command.name + " [OPTION...]";
    std::vector<Option> arguments;
    std::vector<Option> options;
    for (const Option& option : command.options) (is_argument(option) ? arguments : options).push_back(option);
    for (const Option& argument : arguments)
        usage += argument.required ? " " + usage_of(argument) : fmt::format(" [{}]", usage_of(argument));
    Anywhere anywhere;
    for (Option& option : options_anywhere(anywhere)) options.push_back(std::move(option));
    std::string text = paragraph(command.summary) + fmt::format("\n{}\n  {}\n", bold("Usage:"), usage);
    if (!arguments.empty()) text += fmt::format("\n{}\n", bold("Arguments:")) + entries(arguments);
    text += fmt::format("\n{}\n", bold("Options:")) + entries(options);
    text += entry("  -h, --help", "this text", kColumn);
    if (!command.examples.empty())
        text += fmt::format("\n{}\n  {}\n", bold("Examples:"), fmt::join(command.examples, "\n  "));
    return text + exit_codes_text(command.broken.empty() ? "never" : command.broken);
}

std::string version_text(bool verbose) {
    std::string text = "cancelsim " CANCELSIM_VERSION "\n";
    if (!verbose) return text;
    const auto row = [&](std::string_view name, const std::string& version, std::string_view licence) {
        text += fmt::format("  {:<14} {:<10} {}\n", name, version, licence);
    };
    text += fmt::format("compiled by {}; with:\n", __VERSION__);
    row("CLI11", CLI11_VERSION, "BSD-3-Clause");
    row("fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100), "MIT");
    row("nlohmann-json",
        fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH),
        "MIT");
    row("xxHash", fmt::format("{}.{}.{}", XXH_VERSION_MAJOR, XXH_VERSION_MINOR, XXH_VERSION_RELEASE), "BSD-2-Clause");
    row("zstd", ZSTD_VERSION_STRING, "BSD-3-Clause or GPL-2.0-only");
    return text;
}

}  // namespace cancelsim::properties
