// The one place that knows CLI11, which takes eight seconds to compile.
#include "properties/commands/line/parse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include "properties/commands/line/help.h"
#include "properties/commands/line/overloaded.h"
#include "properties/report/terminal.h"
#include "properties/subject/errors.h"
#include "properties/subject/limits.h"
#include "properties/subject/spelling.h"

namespace cancelsim::properties {

namespace {

/// More names than this are listed by `cancelsim list` only.
constexpr std::size_t kMostToChoose = 20;

std::optional<std::uint64_t> number_of(std::string_view text, int base) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number, base);
    if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

/// In digits alone: nothing is clamped, and nothing is read to another base.
std::optional<std::uint64_t> strict_number(std::string_view text) {
    if (text.size() > 1 && text[0] == '0') return std::nullopt;
    return number_of(text, 10);
}

std::optional<std::uint64_t> hash_of_commit(std::string_view text) {
    constexpr std::size_t kWhole = 40;
    constexpr std::size_t kShortest = 7;
    constexpr std::size_t kDigitsUsed = 15;
    const bool is_hex = text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    const bool has_letter = text.find_first_of("abcdef") != std::string_view::npos;
    if (!is_hex || text.size() > kWhole || text.size() < kShortest) return std::nullopt;
    if (!has_letter && text.size() != kWhole) return std::nullopt;
    return number_of(text.substr(0, kDigitsUsed), 16);
}

std::optional<double> seconds_of(const std::string& text) {
    std::size_t used = 0;
    double seconds = 0;
    try {
        seconds = std::stod(text, &used);
    } catch (const std::exception&) {
        return std::nullopt;
    }
    const std::string unit = text.substr(used);
    if (unit == "m") seconds *= 60;
    if (unit == "h") seconds *= 3600;
    if ((unit != "" && unit != "s" && unit != "m" && unit != "h") || !std::isfinite(seconds) || seconds <= 0)
        return std::nullopt;
    return seconds;
}

std::optional<std::uint64_t> bytes_of(std::string_view text) {
    constexpr std::string_view kUnits = "KMG";
    const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
    if (unit == std::string_view::npos) return strict_number(text);
    const std::size_t shift = 10 * (unit + 1);
    const auto number = strict_number(text.substr(0, text.size() - 1));
    if (!number || *number > UINT64_MAX >> shift) return std::nullopt;
    return *number << shift;
}

[[noreturn]] void refuse(const Option& option, const std::string& text, const std::string& why) {
    throw UsageError(fmt::format("{} {}: {}", first_name(option), text, why));
}

using TextTarget = std::variant<std::string*, std::vector<std::string>*>;

/// The range of `number` was checked.
template <class Target>
void assign(const Target& target, std::uint64_t number) {
    std::visit(Overloaded{[&](std::uint32_t* value) { *value = static_cast<std::uint32_t>(number); },
                          [&](auto* value) { *value = number; }},
               target);
}

void assign(const TextTarget& target, const std::vector<std::string>& words) {
    std::visit(Overloaded{[&](std::string* value) { *value = words.back(); },
                          [&](std::vector<std::string>* value) { *value = words; }},
               target);
}

void check(const Option& option, const Word& word, const std::string& text) {
    if (std::find(word.among.begin(), word.among.end(), text) != word.among.end()) return;
    const std::string there_are = word.among.size() > kMostToChoose
                                      ? "see `cancelsim list`"
                                      : fmt::format("there are: {}", fmt::join(word.among, ", "));
    refuse(option, text, fmt::format("unknown {}{}; {}", word.what, did_you_mean(text, word.among), there_are));
}

/// Sets the variable of the option. There are several `words` for a list only.
void set(const Option& option, const std::vector<std::string>& words) {
    const std::string& text = words.back();
    std::visit(Overloaded{
                   [](const Flag& flag) { *flag.value = true; },
                   [&](const Number& number) {
                       const auto given = strict_number(text);
                       if (!given || *given < number.least || *given > number.most)
                           refuse(option, text,
                                  fmt::format("expected a number from {} to {}", number.least, number.most));
                       assign(number.value, *given);
                   },
                   [&](const Seed& seed) {
                       const auto given = strict_number(text);
                       const auto number = given ? given : hash_of_commit(text);
                       if (!number)
                           refuse(option, text,
                                  fmt::format("expected a number from 0 to {}, or the hash of a commit", UINT64_MAX));
                       assign(seed.value, *number);
                   },
                   [&](const Duration& duration) {
                       *duration.value = seconds_of(text);
                       if (!*duration.value) refuse(option, text, "expected a time such as 30s, 5m or 2h");
                   },
                   [&](const Size& size) {
                       *size.value = bytes_of(text);
                       if (!*size.value || **size.value < size.least)
                           refuse(option, text,
                                  fmt::format("expected a size such as 500M or 2G, at least {}M", size.least >> 20));
                   },
                   [&](const Part& part) {
                       const auto slash = std::min(text.find('/'), text.size());
                       const auto number = strict_number(text.substr(0, slash));
                       const auto of = strict_number(text.substr(std::min(slash + 1, text.size())));
                       if (!number || !of || *number == 0 || *number > *of || *of > part.most)
                           refuse(option, text,
                                  fmt::format("expected I/N, such as 2/4, I from 1 to N, N at most {}", part.most));
                       *part.part = *number;
                       *part.parts = *of;
                   },
                   [&](const Word& word) {
                       for (const std::string& each : words) check(option, word, each);
                       assign(word.value, words);
                   },
                   [&](const Text& any) { assign(any.value, words); },
               },
               option.value);
    if (option.given != nullptr) *option.given = true;
}

/// Has CLI11 find what is given for the options.
void declare(CLI::App& app, const std::vector<Option>& options) {
    for (const Option& option : options) {
        if (std::holds_alternative<Flag>(option.value)) {
            app.add_flag_function(option.names, [&option](std::int64_t) { set(option, {""}); });
            continue;
        }
        CLI::Option* declared = app.add_option(option.names, [&option](const CLI::results_t& words) {
            set(option, words);
            return true;
        });
        if (is_list(option)) declared->expected(1, CLI::detail::expected_max_vector_size);
        declared->allow_extra_args(is_argument(option) && is_list(option));
        declared->required(option.required);
    }
    for (const Option& option : options)
        if (!option.excludes.empty()) app.get_option(first_name(option))->excludes(app.get_option(option.excludes));
}

std::vector<std::string> all_names(const std::vector<Command>& commands) {
    std::vector<std::string> names;
    for (const Command& command : commands) names.push_back(command.name);
    return names;
}

[[noreturn]] void refuse_rest(const std::string& word, const Command& command, const std::vector<Option>& anywhere) {
    std::vector<std::string> names;
    for (const auto* options : {&command.options, &anywhere})
        for (const Option& option : *options)
            for (const std::string& name : names_of(option)) names.push_back(name);
    const std::string name = word.substr(0, word.find('='));
    const bool is_option = name.starts_with('-');
    throw UsageError(fmt::format("{}: {}{}; see `cancelsim help {}`", is_option ? name : word,
                                 is_option ? "unknown option" : "unexpected",
                                 is_option ? did_you_mean(name, names) : "", command.name));
}

/// What is given with a command goes before what is given ahead of it.
void apply(const Anywhere& before, const Anywhere& with_command) {
    const std::string& color = with_command.color.empty() ? before.color : with_command.color;
    if (!color.empty())
        use_colour(color == "always" ? Colour::always : color == "never" ? Colour::never : Colour::by_terminal);
    Limits limits;
    for (const Anywhere* given : {&before, &with_command}) {
        limits.bytes = given->bytes.value_or(limits.bytes);
        limits.seconds = given->seconds.value_or(limits.seconds);
    }
    set_limits(limits);
}

}  // namespace

std::function<int()> parse(const std::vector<Command>& commands, int count, const char* const* arguments) {
    CLI::App app;
    bool version = false;
    bool verbose = false;
    Anywhere before;
    Anywhere with_command;
    const std::vector<Option> first = options_before(version, verbose, before);
    const std::vector<Option> anywhere = options_anywhere(with_command);
    declare(app, first);
    app.allow_extras();
    app.require_subcommand(0, 1);
    for (const Command& command : commands) {
        CLI::App* sub = app.add_subcommand(command.name);
        declare(*sub, command.options);
        declare(*sub, anywhere);
        sub->allow_extras();
    }
    const auto chosen = [&]() -> const Command* {
        const auto parsed = app.get_subcommands();
        if (parsed.empty()) return nullptr;
        return &*std::find_if(commands.begin(), commands.end(),
                              [&](const Command& each) { return each.name == parsed.front()->get_name(); });
    };
    const auto print = [](std::string text) {
        return [text = std::move(text)] {
            fmt::print("{}", text);
            return 0;
        };
    };
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp&) {
        const Command* command = chosen();
        return print(command == nullptr ? overview_text(commands) : help_text(*command));
    } catch (const CLI::ParseError& error) {
        const Command* command = chosen();
        std::string message = error.what();
        std::replace(message.begin(), message.end(), '\n', ' ');
        throw UsageError(
            fmt::format("{}; see `cancelsim help{}`", message, command == nullptr ? "" : " " + command->name));
    }
    apply(before, with_command);
    if (version) return print(version_text(verbose));
    const Command* command = chosen();
    if (command == nullptr) {
        const auto rest = app.remaining();
        if (rest.empty()) throw UsageError("a subcommand is required; see `cancelsim help`");
        throw UsageError(fmt::format("{}: unknown subcommand{}; see `cancelsim help`", rest.front(),
                                     did_you_mean(rest.front(), all_names(commands))));
    }
    const auto rest = app.get_subcommands().front()->remaining();
    if (!rest.empty()) refuse_rest(rest.front(), *command, anywhere);
    return [run = command->run, has_broken = !command->broken.empty()] {
        const int code = run();
        assert(code != 1 || has_broken);  // the help says when
        return code;
    };
}

}  // namespace cancelsim::properties
