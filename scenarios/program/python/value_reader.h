// Values in the Python notation of cases: names, numbers, strings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "scenarios/program/field.h"
#include "scenarios/program/python/python_syntax.h"

namespace cancelsim::scenarios {

/// Whether an expression is printed as `text`.
bool is_text(const PythonExpression& value, std::string_view text);
/// What an error message shows of a text.
std::string shortened(std::string text);

/// Reads the values of one file. What it throws are CaseErrors that name the line.
class PythonValues {
public:
    /// The file's name outlives this.
    explicit PythonValues(std::string_view file_name) : file_name_(file_name) {}

protected:
    std::string_view file_name() const { return file_name_; }
    [[noreturn]] void fail(std::uint32_t line, std::string_view what) const;

    /// A string that is a name.
    std::string quoted_name(const PythonExpression& value) const;
    bool flag(const PythonExpression& value) const;
    /// A number from `least`, or minus that where the pattern adds what the program subtracts.
    std::int64_t number(const PythonExpression& value, std::int64_t least, bool subtracted) const;
    /// What a field of a string holds: a text, or a name that is no variable's.
    std::string text_in(const Field& field, const PythonExpression& value) const;
    /// The name of the task whose body the function is.
    std::string task_name(const PythonStatement& function) const;
    /// The table and the name that `n.x`, `n.tasks.x`, `n["x"]` and `n.tasks["x"]` stand for; no name: it is none of
    /// these.
    std::pair<std::string_view, std::string> attribute(const PythonExpression& value) const;

private:
    std::string_view file_name_;
};

}  // namespace cancelsim::scenarios
