// What the commands do with programs of the user's own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "properties/commands/config_options.h"
#include "properties/programs/program_failure.h"
#include "properties/programs/program_search.h"

namespace cancelsim::properties {

/// Whether that is the name of a Python file, or of a function in one.
bool names_python(const std::string& name);
/// Whether it names a function: then it is no case.
bool names_function(const std::string& name);

struct ProgramCommand {
    PythonProgram program;
    Subject config;
    Subject base;  ///< that failures are compared with
    ProgramOptions options;
    std::optional<double> seconds;  ///< until it ends with what there is
    std::string folder;             ///< where failures are saved; empty: nowhere
    bool json = false;
    bool all = false;  ///< known failures in full
};
/// Searches the program, and prints what it finds. Gives the exit code.
int run_program(const ProgramCommand& command);
/// The same on two libraries, and what breaks on one of them alone: of that the exit code tells.
int compare_program(const ProgramCommand& command, const Subject& against);

/// The failure of a program, where the words hold its token, or are the name of a file that does.
std::optional<ProgramFailure> load_program_failure(const std::string& words);
/// Run it again, and print what happened. `config` says on what. Give the exit code.
int replay_program(const ProgramFailure& failure, const SubjectOptions& config, bool json);
int explain_program(const ProgramFailure& failure, const SubjectOptions& config, bool json);

}  // namespace cancelsim::properties
