// `cancelsim`: the command.
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>

#include "properties/commands/command.h"
#include "properties/failure/failure.h"
#include "properties/report/terminal.h"
#include "properties/search/hunt.h"
#include "properties/subject/fault.h"
#include "properties/subject/one_line.h"
#include "scenarios/program/case_json.h"

namespace cancelsim::properties {

std::atomic<bool> interrupted{false};

namespace {

constexpr const char* kDescription =
    "Hunts for broken promises in structured-concurrency cancellation: anyio's cancel scopes and "
    "task groups on a\n"
    "deterministic asyncio.";

constexpr const char* kFooter =
    "Exit codes:\n"
    "  0  nothing broken\n"
    "  1  a contract broken, or traces that differ\n"
    "  2  bad usage or input\n"
    "  3  an internal fault, or a run that could not be repeated";

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

int run(int count, char** arguments) {
    CLI::App app{kDescription, "cancelsim"};
    app.footer(kFooter);
    app.require_subcommand(1);
    Chosen chosen;
    add_hunt(app, chosen);
    add_judge(app, chosen);
    add_verdict(app, chosen);
    add_verify(app, chosen);
    add_replay(app, chosen);
    add_explain(app, chosen);
    add_export(app, chosen);
    add_trace(app, chosen);
    add_conform(app, chosen);
    add_convert(app, chosen);
    add_generate(app, chosen);
    add_bench(app, chosen);
    add_baseline(app, chosen);
    add_list(app, chosen);
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp& help) {
        return flushed(app.exit(help));
    } catch (const CLI::ParseError& error) {
        std::string message = error.what();
        if (!chosen && !app.remaining().empty())
            message = fmt::format("{}: unknown subcommand", app.remaining().front());
        std::replace(message.begin(), message.end(), '\n', ' ');
        return say(kUsage, message + " (see `cancelsim --help`)");
    }
    return flushed(chosen());
}

}  // namespace

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

}  // namespace cancelsim::properties

int main(int count, char** arguments) {
    using namespace cancelsim;
    using namespace cancelsim::properties;
    catch_signals();
    try {
        return run(count, arguments);
    } catch (const UsageError& error) {
        return say(kUsage, error.what());
    } catch (const scenarios::CaseError& error) {
        return say(kUsage, error.what());
    } catch (const FailureError& error) {
        return say(kUsage, error.what());
    } catch (const NondeterminismError& error) {
        return say_fault(error.what());
    } catch (const std::exception& error) {
        if (std::ferror(stdout) != 0) return flushed(kHolds);  // fmt throws where it cannot write
        return say_fault(error.what() + running_text());
    }
}
