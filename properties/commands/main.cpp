// `cancelsim`: the command.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>

#include "properties/commands/command.h"
#include "properties/commands/line/parse.h"
#include "properties/failure/failure.h"
#include "properties/report/terminal.h"
#include "properties/search/hunt.h"
#include "properties/subject/fault.h"
#include "properties/subject/limits.h"
#include "properties/subject/one_line.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

std::atomic<bool> interrupted{false};

namespace {

std::atomic<int> interrupting_signal{0};

/// Standard error may be closed or full: then nobody is there to be told.
void put_on_stderr(const std::string& text) {
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

int say(ExitCode code, const std::string& message) {
    put_on_stderr(one_line("cancelsim: " + message) + "\n");
    return code;
}

/// A fault of ours, and what was running.
int say_fault(const std::string& message) {
    return say(kInternal, "internal fault: " + message + "; please report this line");
}

/// Whether standard output is a pipe from which nobody reads any more, such as that to `head`.
bool reader_is_gone() {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/// `code`, unless what was printed cannot be written.
int flushed(int code) {
    if ((std::fflush(stdout) == 0 && std::ferror(stdout) == 0) || reader_is_gone()) return code;
    return say(kUsage, "standard output: cannot write");
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

}  // namespace

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

int main(int count, char** arguments) {
    using namespace cancelsim;
    using namespace cancelsim::properties;
    catch_signals();
    try {
        const std::vector<Command> commands = all_commands();
        return flushed(parse(commands, count, arguments)());
    } catch (const UsageError& error) {
        return say(kUsage, error.what());
    } catch (const scenarios::CaseError& error) {
        return say(kUsage, error.what());
    } catch (const FailureError& error) {
        return say(kUsage, error.what());
    } catch (const RunLost& error) {
        return say(kUsage, error.what());
    } catch (const OverMemory& error) {
        return say(kUsage, error.what());
    } catch (const NondeterminismError& error) {
        return say_fault(error.what());
    } catch (const std::exception& error) {
        if (std::ferror(stdout) != 0) return flushed(kHolds);  // fmt throws where it cannot write
        return say_fault(error.what() + running_text());
    }
}

// In its steady state a run allocates nothing, so that counting costs nothing.

void* operator new(std::size_t bytes) { return cancelsim::properties::allocate_counted(bytes); }
void operator delete(void* memory) noexcept { cancelsim::properties::free_counted(memory); }
void operator delete(void* memory, std::size_t) noexcept { cancelsim::properties::free_counted(memory); }
