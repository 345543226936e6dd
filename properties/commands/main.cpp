// `cancelsim`: the command.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>

#include "properties/commands/command.h"
#include "properties/failure/failure.h"
#include "properties/search/hunt.h"
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

int say(ExitCode code, const std::string& message) {
    fmt::print(stderr, "cancelsim: {}\n", message);
    return code;
}

/// `code`, unless what was printed cannot be written.
int flushed(int code) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    return say(kUsage, "standard output: cannot write");
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
        for (char& letter : message)
            if (letter == '\n') letter = ' ';
        return say(kUsage, message + " (see `cancelsim --help`)");
    }
    return flushed(chosen());
}

}  // namespace

}  // namespace cancelsim::properties

int main(int count, char** arguments) {
    using namespace cancelsim;
    using namespace cancelsim::properties;
    std::signal(SIGINT, [](int) { interrupted = true; });
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(count, arguments);
    } catch (const UsageError& error) {
        return say(kUsage, error.what());
    } catch (const scenarios::CaseError& error) {
        return say(kUsage, error.what());
    } catch (const FailureError& error) {
        return say(kUsage, error.what());
    } catch (const NondeterminismError& error) {
        return say(kInternal, error.what());
    } catch (const std::exception& error) {
        if (std::ferror(stdout) != 0) return flushed(kInternal);  // fmt throws where it cannot write
        return say(kInternal, fmt::format("internal fault: {}", error.what()));
    }
}
