#include "properties/commands/line/shells.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "properties/commands/line/help.h"

namespace cancelsim::properties {

namespace {

/// The options of a command that are given by name, those that each has among them.
std::vector<Option> named_options(const Command& command, Anywhere& anywhere) {
    std::vector<Option> options;
    for (const Option& option : command.options)
        if (!is_argument(option) && !option.hidden) options.push_back(option);
    for (Option& option : options_anywhere(anywhere)) options.push_back(std::move(option));
    return options;
}

Names verbs_of(const std::vector<Command>& commands) {
    Names names;
    for (const Command& command : commands) names.push_back(command.name);
    return names;
}

std::string words(const Names& names, std::string_view between = " ") {
    return fmt::format("{}", fmt::join(names, between));
}

/// In single quotes, for any shell.
std::string quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 4) text.replace(at, 1, "'\\''");
    return "'" + text + "'";
}

std::string_view files_for(const Option& option, std::string_view files, std::string_view folders,
                           std::string_view nothing) {
    const Text* text = std::get_if<Text>(&option.value);
    if (text == nullptr) return nothing;
    return text->placeholder == "FILE" ? files : text->placeholder == "DIR" ? folders : nothing;
}

std::string bash_text(const std::vector<Command>& commands) {
    std::string text =
        "# bash completion of cancelsim: source <(cancelsim completion bash)\n"
        "_cancelsim() {\n"
        "  local word=$2 before=$3 command='' each\n"
        "  for each in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
        "    case $each in -*) ;; *) command=$each; break ;; esac\n"
        "  done\n"
        "  COMPREPLY=()\n"
        "  case $command,$before in\n";
    Anywhere anywhere;
    for (const Command& command : commands) {
        for (const Option& option : named_options(command, anywhere)) {
            const Names choices = names_to_choose(option);
            const std::string_view flag = files_for(option, " -f", " -d", "");
            if (choices.empty() && flag.empty()) continue;
            for (const std::string& name : names_of(option))
                text += fmt::format("    {},{}) COMPREPLY=($(compgen{} -W {} -- \"$word\")); return ;;\n", command.name,
                                    name, flag, quoted(words(choices)));
        }
    }
    text += "  esac\n  case $command in\n";
    for (const Command& command : commands) {
        Names names;
        for (const Option& option : named_options(command, anywhere))
            for (std::string& name : names_of(option)) names.push_back(std::move(name));
        std::string_view files;
        for (const Option& option : command.options) {
            if (!is_argument(option)) continue;
            for (std::string& name : names_to_choose(option)) names.push_back(std::move(name));
            files = files_for(option, " -f", " -d", files);
        }
        text += fmt::format("    {}) COMPREPLY=($(compgen{} -W {} -- \"$word\")) ;;\n", command.name, files,
                            quoted(words(names)));
    }
    text += fmt::format("    '') COMPREPLY=($(compgen -W {} -- \"$word\")) ;;\n", quoted(words(verbs_of(commands))));
    return text + "  esac\n}\ncomplete -F _cancelsim cancelsim ./cancelsim\n";
}

std::string fish_text(const std::vector<Command>& commands) {
    std::string text = "# fish completion of cancelsim: cancelsim completion fish | source\ncomplete -c cancelsim -f\n";
    Anywhere anywhere;
    for (const Command& command : commands) {
        text += fmt::format("complete -c cancelsim -n __fish_use_subcommand -a {} -d {}\n", command.name,
                            quoted(command.summary));
        const std::string when = fmt::format("-n '__fish_seen_subcommand_from {}'", command.name);
        for (const Option& option : named_options(command, anywhere)) {
            std::string line = fmt::format("complete -c cancelsim {}", when);
            for (const std::string& name : names_of(option))
                line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
            if (!std::holds_alternative<Flag>(option.value)) line += " -r";
            line += files_for(option, " -F", " -a '(__fish_complete_directories)'", "");
            if (const Names choices = names_to_choose(option); !choices.empty())
                line += " -a " + quoted(words(choices));
            text += line + " -d " + quoted(option.help) + "\n";
        }
        for (const Option& option : command.options) {
            if (!is_argument(option)) continue;
            if (const Names choices = names_to_choose(option); !choices.empty())
                text += fmt::format("complete -c cancelsim {} -a {}\n", when, quoted(words(choices)));
            if (!files_for(option, "f", "f", "").empty()) text += fmt::format("complete -c cancelsim {} -F\n", when);
        }
    }
    return text;
}

/// Text inside a specification of zsh's `_arguments`.
std::string zsh_escaped(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string zsh_values(const Option& option) {
    if (std::holds_alternative<Flag>(option.value)) return "";
    const Names choices = names_to_choose(option);
    const std::string_view files = files_for(option, "_files", "_files -/", " ");
    return fmt::format(":{}:{}", zsh_escaped(first_name(option)),
                       choices.empty() ? std::string(files) : fmt::format("({})", words(choices)));
}

std::string zsh_text(const std::vector<Command>& commands) {
    std::string text =
        "#compdef cancelsim\n"
        "# zsh completion of cancelsim: source <(cancelsim completion zsh), or as _cancelsim in a folder of $fpath\n"
        "_cancelsim() {\n"
        "  local -a commands=(\n";
    for (const Command& command : commands)
        text += fmt::format("    {}\n", quoted(command.name + ":" + zsh_escaped(command.summary)));
    text +=
        "  )\n"
        "  if ((CURRENT == 2)); then _describe command commands; return; fi\n"
        "  local command=$words[2]\n"
        "  shift words; ((CURRENT--))\n"
        "  case $command in\n";
    Anywhere anywhere;
    for (const Command& command : commands) {
        text += fmt::format("    {}) _arguments", command.name);
        for (const Option& option : named_options(command, anywhere))
            for (const std::string& name : names_of(option))
                text += fmt::format(" \\\n      {}", quoted(fmt::format("{}{}[{}]{}", is_list(option) ? "*" : "", name,
                                                                        zsh_escaped(option.help), zsh_values(option))));
        for (const Option& option : command.options)
            if (is_argument(option)) text += fmt::format(" \\\n      {}", quoted("*" + zsh_values(option)));
        text += " ;;\n";
    }
    return text + "  esac\n}\ncompdef _cancelsim cancelsim 2>/dev/null || true\n";
}

/// Text for troff: no line begins a request, no dash becomes a hyphen.
std::string troff(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\' || c == '-') escaped += '\\';
        escaped += c;
    }
    return escaped.starts_with('.') || escaped.starts_with('\'') ? "\\&" + escaped : escaped;
}

std::string manual_entries(const std::vector<Option>& options) {
    std::string text;
    for (const Option& option : options)
        if (!option.hidden) text += fmt::format(".TP\n.B {}\n{}\n", troff(usage_of(option)), troff(described(option)));
    return text;
}

}  // namespace

Names all_shells() { return {"bash", "zsh", "fish"}; }

std::string completion_text(std::string_view shell, const std::vector<Command>& commands) {
    if (shell == "zsh") return zsh_text(commands);
    return shell == "fish" ? fish_text(commands) : bash_text(commands);
}

std::string manual_text(const std::vector<Command>& commands) {
    std::string text = fmt::format(
        ".TH CANCELSIM 1 \"\" \"cancelsim {}\"\n.SH NAME\ncancelsim \\- hunts for broken promises in "
        "structured\\-concurrency cancellation\n.SH SYNOPSIS\n.B cancelsim\n.I COMMAND\n[\\fIOPTION\\fR...]\n",
        CANCELSIM_VERSION);
    text += ".SH DESCRIPTION\n" + troff(description()) + "\n";
    bool flag = false;
    Anywhere anywhere;
    text += ".SH OPTIONS\n" + manual_entries(options_before(flag, flag, anywhere));
    text += ".SH COMMANDS\n";
    for (const Command& command : commands)
        text += fmt::format(".SS {}\n{}.\n{}", troff(command.name), troff(command.summary),
                            manual_entries(command.options));
    text += ".SH EXIT STATUS\n";
    for (const auto& [code, meaning] : exit_codes()) text += fmt::format(".TP\n.B {}\n{}\n", code, troff(meaning));
    return text;
}

}  // namespace cancelsim::properties
