// The subcommands of `cancelsim`. Each is a file of its name.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "properties/subject/errors.h"

namespace CLI {
class App;
}

namespace cancelsim::properties {

/// The classes of an ending: what the process exits with.
enum ExitCode : int {
    kHolds = 0,     ///< nothing broken
    kBroken = 1,    ///< a contract broken, or traces that differ
    kUsage = 2,     ///< bad usage or input
    kInternal = 3,  ///< an internal fault, or nondeterminism
};

/// What the parsed command line asks for; set by the subcommand that was named.
using Chosen = std::function<int()>;

void add_baseline(CLI::App& app, Chosen& chosen);
void add_bench(CLI::App& app, Chosen& chosen);
void add_hunt(CLI::App& app, Chosen& chosen);
void add_judge(CLI::App& app, Chosen& chosen);
void add_verdict(CLI::App& app, Chosen& chosen);
void add_verify(CLI::App& app, Chosen& chosen);
void add_replay(CLI::App& app, Chosen& chosen);
void add_explain(CLI::App& app, Chosen& chosen);
void add_export(CLI::App& app, Chosen& chosen);
void add_trace(CLI::App& app, Chosen& chosen);
void add_list(CLI::App& app, Chosen& chosen);
void add_generate(CLI::App& app, Chosen& chosen);
void add_conform(CLI::App& app, Chosen& chosen);
void add_convert(CLI::App& app, Chosen& chosen);

/// Set by SIGINT, SIGTERM and SIGHUP; a command that runs for long looks at it and ends with what it has. The second of
/// them ends the process.
extern std::atomic<bool> interrupted;
/// Where that has happened, says so on standard error, and `what` has been done until then.
void say_if_interrupted(const std::string& what);

/// A line on standard error that the next one overwrites: only on a terminal, and not if `quiet`.
void show_progress(bool quiet, const std::string& line);
void clear_progress(bool quiet);

}  // namespace cancelsim::properties
