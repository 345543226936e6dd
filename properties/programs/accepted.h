// Failures that somebody has looked at and accepted.
#pragma once

#include <string>
#include <vector>

#include "properties/programs/program_run.h"

namespace cancelsim::properties {

/// A failure is known by its contract, and by the file and function where it broke: lines move. A file of them has one
/// a line, `endless-wait worker.py:Worker.close`; empty lines, and those that begin with `#`, say nothing.
class Accepted {
public:
    Accepted() = default;
    /// Throws UsageError where the file cannot be read, or a line is none of these.
    explicit Accepted(const std::string& path);

    bool has(const ProgramFailure& failure, const ProgramAccount& account) const;
    /// The line that accepts it.
    static std::string line_of(const ProgramFailure& failure, const ProgramAccount& account);

private:
    std::vector<std::string> lines_;
};

}  // namespace cancelsim::properties
