// The commands of `cancelsim`. Each is a file of its name.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "properties/commands/line/command.h"
#include "properties/subject/errors.h"

namespace cancelsim::properties {

/// The classes of an ending: what the process exits with.
enum ExitCode : int {
    kHolds = 0,     ///< nothing broken
    kBroken = 1,    ///< a contract broken, or traces that differ
    kUsage = 2,     ///< bad usage or input
    kInternal = 3,  ///< an internal fault, or nondeterminism
};

Command baseline_command();
Command bench_command();
Command conform_command();
Command convert_command();
Command explain_command();
Command export_command();
Command generate_command();
Command hunt_command();
Command judge_command();
Command list_command();
Command merge_command();
Command replay_command();
Command report_command();
Command trace_command();
Command verdict_command();
Command verify_command();
Command help_command(const std::vector<Command>& others);
Command completion_command();
Command manual_command();

/// All of them, in the order in which the help has them.
std::vector<Command> all_commands();

/// Set by SIGINT, SIGTERM and SIGHUP; a command that runs for long looks at it and ends with what it has. The second of
/// them ends the process.
extern std::atomic<bool> interrupted;
/// Where that has happened, says so on standard error, and `what` has been done until then.
void say_if_interrupted(const std::string& what);

/// A line on standard error that the next one overwrites: only on a terminal, and not if `quiet`.
void show_progress(bool quiet, const std::string& line);
void clear_progress(bool quiet);
/// A line on standard error: something was left out, and why.
void say_lost(const std::string& what);
/// Standard error may be closed or full: then nobody is there to be told.
void put_on_stderr(const std::string& text);
/// From now on a signal that ends a process sets `interrupted`, the first time; and a fault of ours says so.
void catch_signals();

}  // namespace cancelsim::properties
