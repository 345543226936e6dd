// The patterns by which statements of a case are printed in Python, and read from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/program/python/python_syntax.h"
#include "scenarios/program/python/python_text.h"
#include "scenarios/program/statement_type.h"

namespace cancelsim::scenarios {

/// What a field is in a program.
struct PythonHole {
    std::string_view key;
    std::vector<const PythonExpression*> values;  ///< one; of a list any number; none of a 0 that is added, left out
    bool subtracted = false;                      ///< where the pattern adds it
    std::uint32_t line = 0;
};

/// A pattern as syntax. It is made once, and read by any thread.
class PythonPattern {
public:
    explicit PythonPattern(const PythonForm& form);

    bool has(std::string_view key) const;
    /// Whether a field stands where None cannot: it is added to something.
    bool adds(std::string_view key) const;
    /// Whether a field is the value of a keyword argument, which is left out where the field is.
    bool may_leave_out(std::string_view key) const;
    /// Whether this variable is named in it.
    bool names(std::string_view variable) const;
    /// Whether its body may run several times.
    bool is_loop() const { return statements_.back().kind == PythonStatementKind::for_; }
    /// How many statements it takes.
    std::size_t size() const { return statements_.size(); }
    /// Whether the last of these is the head of a block with a body of the case's.
    bool is_block() const { return is_block_; }

    /// The fields where the statements [begin, end) begin like this. A keyword argument that was left out is not there;
    /// a field that stands in several places is there as often.
    std::optional<std::vector<PythonHole>> match(const PythonStatement* begin, const PythonStatement* end) const;
    /// The lines. `value` gives a field's text, that of a list with its commas; `seen` is told of all else in the
    /// pattern.
    std::vector<std::string> lines(const std::function<PythonSubstitute(std::string_view key)>& value,
                                   const std::function<void(const PythonExpression& part)>& seen) const;

    const PythonForm& form() const { return form_; }

private:
    PythonForm form_;
    std::vector<PythonStatement> statements_;
    std::vector<std::string> keys_;
    std::vector<std::string> added_;
    std::vector<std::string> by_keyword_;
    bool is_block_ = false;
};

/// A statement's forms, in their order.
const std::vector<PythonPattern>& python_patterns(Op op);

}  // namespace cancelsim::scenarios
