// Expressions and heads of statements as Python prints them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/program/python/python_syntax.h"

namespace cancelsim::scenarios {

/// What stands in the place of a name, and whether it is left out with its keyword.
struct PythonSubstitute {
    std::string text;
    bool left_out = false;
};
/// Asked for each name of an expression: what to print for it; nothing prints the name itself.
using SubstitutePythonName = std::function<std::optional<PythonSubstitute>(const PythonExpression& name)>;

/// The expression in one line. Of `a + SUBSTITUTE`, a negative number comes out as `a - 3`, and 0 as `a`.
std::string python_text(const PythonExpression& expression, const SubstitutePythonName& substitute = {});

/// The statement in one line; of a block its head, and an `if` with its one statement.
std::string python_text(const PythonStatement& statement, const SubstitutePythonName& substitute = {});

}  // namespace cancelsim::scenarios
