// Cases as Python: the second notation of cases, which CPython runs on the real library as it is. CASES.md defines it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/case.h"
#include "scenarios/program/python/python_names.h"

namespace cancelsim::scenarios {

/// The case as a Python program, a file of its own. parse_python reads the same case from it.
std::string to_python(const Case& program);

/// The functions of that program alone, each line indented by `indent` spaces and ended by LF: for reports.
std::string python_functions(const Case& program, std::size_t indent = 0);

/// A line of those functions.
struct PythonLine {
    std::string text;         ///< without its LF
    std::uint32_t statement;  ///< that it is of; kNoStatement of one that is of none, such as the head of `main`
};
/// The lines of python_functions, one by one.
std::vector<PythonLine> python_lines(const Case& program);

/// One statement after the other in one line each; of a block its head. It refers to the case.
class PythonStatements {
public:
    explicit PythonStatements(const Case& program) : program_(program), names_(program) {}
    /// Lines of one statement that has several are joined by `; `.
    std::string line(std::uint32_t statement) const;

private:
    const Case& program_;
    PythonNames names_;
};

/// The case that a program is. Throws CaseError, `FILE:LINE: WHAT`, at the first thing that is not of the notation.
/// Where the head does not name the case, its name is `default_name`, a name.
Case parse_python(std::string_view text, std::string_view file_name, std::string_view default_name);

}  // namespace cancelsim::scenarios
