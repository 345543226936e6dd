// A program of the user's own: an `async def` in a Python file, which only a library can run.
#pragma once

#include <string>

namespace cancelsim::properties {

struct PythonProgram {
    std::string path;      ///< as it was given
    std::string function;  ///< `main`, or `Class.method`
    std::string hash;      ///< of the file's content, 16 hexadecimal digits
};

/// The program that `FILE.py` or `FILE.py:FUNCTION` names; without a function `main`. Throws UsageError where the file
/// cannot be read.
PythonProgram read_python_program(const std::string& name);
/// The name of the file alone.
std::string file_name(const PythonProgram& program);
/// `FILE.py`, with `:FUNCTION` where that is not `main`: what read_python_program takes.
std::string program_name(const PythonProgram& program);

}  // namespace cancelsim::properties
