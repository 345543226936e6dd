// The commands about the commands: help, the manual page, completions.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "properties/commands/command.h"
#include "properties/commands/line/help.h"
#include "properties/commands/line/shells.h"

namespace cancelsim::properties {

namespace {

int print(const std::string& text) {
    fmt::print("{}", text);
    return kHolds;
}

int help(const std::string& name) {
    const auto commands = all_commands();
    if (name.empty()) return print(overview_text(commands));
    return print(help_text(
        *std::find_if(commands.begin(), commands.end(), [&](const Command& command) { return command.name == name; })));
}

}  // namespace

Command help_command(const std::vector<Command>& others) {
    auto name = std::make_shared<std::string>();
    Names names;
    for (const Command& command : others) names.push_back(command.name);
    return {.name = "help",
            .summary = "Show what there is, or how a command is used",
            .options = {{"COMMAND", Word{name.get(), "command", std::move(names)}, "the command"}},
            .run = [name] { return help(*name); }};
}

Command completion_command() {
    auto shell = std::make_shared<std::string>();
    return {.name = "completion",
            .summary = "Print a script by which a shell completes commands, options and names",
            .options = {{.names = "SHELL",
                         .value = Word{shell.get(), "shell", all_shells()},
                         .help = "whose",
                         .required = true}},
            .run = [shell] { return print(completion_text(*shell, all_commands())); },
            .examples = {"source <(cancelsim completion bash)"}};
}

Command manual_command() {
    return {.name = "man",
            .summary = "Print the manual page",
            .options = {},
            .run = [] { return print(manual_text(all_commands())); },
            .examples = {"cancelsim man >cancelsim.1 && man -l cancelsim.1"}};
}

}  // namespace cancelsim::properties
