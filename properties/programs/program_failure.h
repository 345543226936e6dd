// A failure of a program of the user's own, as failure.h has those of cases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "properties/failure/failure.h"
#include "properties/subject/python_program.h"

namespace cancelsim::properties {

struct ProgramFailure {
    Subject config;  ///< a library
    PythonProgram program;
    sim::Schedule schedule;
    std::string contract;
    std::uint64_t digest = 0;  ///< of LibraryRun
};

/// `cs2:program,ANYIO,PYTHON[,PATCH...]:CONTRACT:DIGEST:PAYLOAD`. The payload is the program's file, its hash and
/// function, and the schedule. A failure has exactly one token.
std::string to_token(const ProgramFailure& failure);
/// Whether the first token in `text`, if there is one, is of a program.
bool holds_program_token(std::string_view text);
/// The failure of the first token in `text`, which must be of a program. Throws FailureError. Its program is as it was
/// found: nobody has looked at the file.
ProgramFailure program_failure_of(std::string_view text);

}  // namespace cancelsim::properties
