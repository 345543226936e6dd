#include "properties/commands/command.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "properties/report/terminal.h"
#include "properties/subject/fault.h"

namespace cancelsim::properties {

std::atomic<bool> interrupted{false};

namespace {

std::atomic<int> interrupting_signal{0};

}  // namespace

void put_on_stderr(const std::string& text) {
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

void catch_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        struct sigaction action {};
        action.sa_handler = [](int which) {
            interrupting_signal = which;
            interrupted = true;
        };
        action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
        sigaction(signal, &action, nullptr);
    }
    std::signal(SIGPIPE, SIG_IGN);
    report_faults();
}

std::vector<Command> all_commands() {
    std::vector<Command> commands{hunt_command(),       merge_command(),  judge_command(),    verdict_command(),
                                  verify_command(),     replay_command(), explain_command(),  report_command(),
                                  export_command(),     trace_command(),  conform_command(),  convert_command(),
                                  generate_command(),   bench_command(),  baseline_command(), list_command(),
                                  completion_command(), manual_command()};
    commands.push_back(help_command(commands));
    return commands;
}

void say_if_interrupted(const std::string& what) {
    const int signal = interrupting_signal;
    if (signal == 0) return;
    const char* name = signal == SIGINT ? "SIGINT" : signal == SIGTERM ? "SIGTERM" : "SIGHUP";
    put_on_stderr(fmt::format("cancelsim: ended by {}: {}\n", name, what));
}

void show_progress(bool quiet, const std::string& line) {
    if (!quiet && stderr_is_terminal()) put_on_stderr("\r\x1b[K" + line);
}

void clear_progress(bool quiet) { show_progress(quiet, ""); }

void say_lost(const std::string& what) { put_on_stderr(fmt::format("cancelsim: {}\n", what)); }

}  // namespace cancelsim::properties
